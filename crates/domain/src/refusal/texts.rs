//! The rows of the table of refusals that concern text of any field; see `table.rs` for what a row is.

/// Hands the rows given, and these after them, to the next macro of the list.
macro_rules! with_texts {
    ([$next:ident $($rest:ident)*] $($rows:tt)*) => { $next! { [$($rest)*]
        $($rows)*

        /// Empty, longer than `max` characters, or with control characters.
        TextUnfit { max: u32, pointer: String }
        "text-unfit" Refused at Some(pointer);
        vi "Chữ không dùng được" | "Ô này cần từ 1 đến {max} ký tự, trên một dòng, không có ký tự điều khiển" | "viết lại cho gọn, bỏ dấu xuống dòng và ký tự lạ";
        en "The text cannot be used" | "This field takes 1 to {max} characters on one line, without control characters" | "shorten it and remove line breaks and odd characters";

        /// Nothing is converted by a guess.
        TextNotUnicode { found: crate::vi::Legacy, pointer: String }
        "text-not-unicode" Refused at Some(pointer);
        vi "Chữ sai bảng mã" | "Chữ ở ô này có vẻ là {found}, không phải Unicode" | "chuyển sang Unicode (UniKey Toolkit, Ctrl+Shift+F6, hoặc mở và lưu lại bằng chương trình soạn thảo), rồi ghi lại";
        en "The text is not Unicode" | "The text of this field looks like {found}, not like Unicode" | "convert it to Unicode (UniKey Toolkit, Ctrl+Shift+F6, or open and save it with the word processor), then enter it again";
    } };
}

pub(super) use with_texts;
