//! How long a text speaks of a unit that it has named, or of somebody whom it does not name.

use super::demonstration::{accused_all, check, never_accused};

#[test]
fn a_named_unit_is_meant_until_another_or_the_whole_is() {
    never_accused(&[
        "Huyện ủy Cát Hải: 2/2 tổ chức đảng; 14/12 đảng viên.",
        "Quận ủy Lê Chân:\n- Thành lập 4 tổ chức đảng;\n- Kết nạp 36 đảng viên.",
        "1. Quận ủy Lê Chân: thành lập 4/3 tổ chức đảng, đạt 133,3%; kết nạp 36/26 đảng viên, đạt 138,5%.\n2. Quận ủy Hồng Bàng: thành lập 3/3 tổ chức đảng; kết nạp 33/26 đảng viên.",
        "Lê Chân vượt 33,3% chỉ tiêu thành lập tổ chức đảng; vượt 38,5% chỉ tiêu kết nạp đảng viên.",
        "Quận Lê Chân (tổ chức đảng 4/3; đảng viên 36/26); quận Hồng Bàng (tổ chức đảng 3/3; đảng viên 33/26).",
        "Kết quả thực hiện Nghị quyết 28 của Quận ủy Kiến An như sau: thành lập 2/2 tổ chức đảng; kết nạp 15/15 đảng viên.",
        "Cát Hải: 2/2 tổ chức đảng; 14/12 đảng viên.",
        "Cát Hải: 2/2 tổ chức đảng, 14/12 đảng viên.",
        "Quận ủy Hải An:\n\n- Thành lập 3 tổ chức đảng;\n\n- Kết nạp 34 đảng viên.",
        "1. Quận ủy Hải An\n- Thành lập 3 tổ chức đảng.\n- Kết nạp 34 đảng viên.",
        "1. Quận ủy Hải An\n\nThành lập 3 tổ chức đảng.\n\nKết nạp 34 đảng viên, đạt 141,7%.\n\n2. Quận ủy Lê Chân\n\nThành lập 4 tổ chức đảng.",
        "Quận ủy Lê Chân: thành lập 4 tổ chức đảng. Kết nạp 36 đảng viên.",
        "Quận ủy Lê Chân chỉ đạo các đơn vị thành lập 4 tổ chức đảng, kết nạp 36 đảng viên.",
        "Quận ủy Lê Chân chỉ đạo các cấp ủy vào cuộc, kết nạp 36 đảng viên.",
        "Trong năm qua Quận ủy Lê Chân thành lập 4 tổ chức đảng; kết nạp 36 đảng viên.",
        "Trong đó, Quận ủy Lê Chân thành lập 4 tổ chức đảng; kết nạp 36 đảng viên.",
        "Toàn thành phố kết nạp 449 đảng viên, trong đó Lê Chân kết nạp 36 đảng viên; thành lập 4 tổ chức đảng.",
        "Lê Chân: 4/3 tổ chức đảng; 36/26 đảng viên; Hồng Bàng: 3/3 tổ chức đảng; 33/26 đảng viên.",
        "Quận ủy Lê Chân kết nạp 36 đảng viên, gồm: Phường An Biên 12, Phường Cát Dài 24.",
        "Quận ủy Lê Chân có 20/20 đảng ủy cơ sở hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Đảng ủy Khu kinh tế: 5/4 tổ chức đảng; 46/30 đảng viên, đạt 153,3%.",
        "- Quận ủy Dương Kinh: kết nạp 14/14 đảng viên, đạt 100%; thành lập 2/2 tổ chức đảng, đạt 100%.\n- Quận ủy Ngô Quyền: kết nạp 32/25 đảng viên, đạt 128%; thành lập 3/3 tổ chức đảng.",
        "Kết quả cụ thể của Huyện ủy Vĩnh Bảo:\n+ Về tổ chức đảng: 2/2, đạt 100%.\n+ Về đảng viên: 14/14, đạt 100%.",
        "Năm 2022, Huyện ủy An Dương được giao 3 tổ chức đảng, 28 đảng viên; kết quả: 3 tổ chức đảng, 40 đảng viên, đạt 142,9%.",
        "Tiêu biểu là Huyện ủy Thủy Nguyên: thành lập 5/3 tổ chức đảng; kết nạp 45/32 đảng viên.",
        "Theo báo cáo của Quận ủy Hải An, năm 2022 đã thành lập 3 tổ chức đảng. Số đảng viên được kết nạp là 34 người, đạt 141,7% kế hoạch.",
        "Khối Doanh nghiệp thành phố vượt cả hai chỉ tiêu: thành lập 5/4 tổ chức đảng; kết nạp 71/52 đảng viên.",
        "Đồ Sơn - 2/2 tổ chức đảng; 10/10 đảng viên.",
        "Quận Ngô Quyền. Tổ chức đảng: 3/3. Đảng viên: 32/25.",
        "II. HUYỆN ỦY TIÊN LÃNG\n\n1. Tổ chức đảng: thành lập 2/2.\n\n2. Đảng viên: kết nạp 13/13.",
        "Tại huyện An Lão, cấp ủy đã khảo sát 120 doanh nghiệp; qua đó thành lập 2 tổ chức đảng; kết nạp 18 đảng viên.",
        "Ở Kiến Thụy, năm qua có 2 tổ chức đảng được thành lập; 14 đảng viên được kết nạp.",
        "Đồng chí Bí thư Quận ủy Hồng Bàng cho biết, năm 2022, quận đã kết nạp 33 đảng viên, đạt 126,9%; thành lập 3 tổ chức đảng.",
        "Bí thư Quận ủy Hồng Bàng cho biết: Năm 2022, chúng tôi kết nạp 33 đảng viên; thành lập 3 tổ chức đảng.",
        "Thủy Nguyên là huyện có nhiều doanh nghiệp. Đến hết năm 2022, huyện thành lập 5 tổ chức đảng, kết nạp 45 đảng viên, trong đó có 2 chủ doanh nghiệp.",
        "Thủy Nguyên là huyện có nhiều doanh nghiệp. Năm 2022, kết nạp 45 đảng viên.",
        "Lê Chân kết nạp 36/26 đảng viên và thành lập 4/3 tổ chức đảng; phát triển 80/30 đoàn viên, hội viên thanh niên.",
    ]);
    accused_all(&[
        "Huyện ủy Cát Hải: 2/2 tổ chức đảng; 15/12 đảng viên.",
        "Quận ủy Lê Chân:\n- Thành lập 4 tổ chức đảng;\n- Kết nạp 37 đảng viên.",
        "1. Quận ủy Lê Chân: thành lập 4/3 tổ chức đảng, đạt 133,3%; kết nạp 36/27 đảng viên.",
        "Lê Chân vượt 33,3% chỉ tiêu thành lập tổ chức đảng; vượt 39,5% chỉ tiêu kết nạp đảng viên.",
        "Quận Lê Chân (tổ chức đảng 4/3; đảng viên 35/26).",
        "Kết quả của Quận ủy Kiến An như sau: thành lập 2/2 tổ chức đảng; kết nạp 16/15 đảng viên.",
        "Cát Hải: 2/2 tổ chức đảng; 14/13 đảng viên.",
        "Hải Phòng đạt 47/42 tổ chức đảng; kết nạp 440 đảng viên.",
        "Quận ủy Lê Chân thành lập 4 tổ chức đảng; toàn thành phố kết nạp 440 đảng viên.",
        "Quận ủy Lê Chân thành lập 4 tổ chức đảng.\n\nNăm 2022 kết nạp 440 đảng viên.",
        "Đảng ủy Khu kinh tế: 5/4 tổ chức đảng; 47/30 đảng viên.",
        "Khối Doanh nghiệp thành phố vượt cả hai chỉ tiêu: thành lập 5/4 tổ chức đảng; kết nạp 72/52 đảng viên.",
        "Đồng chí Bí thư Quận ủy Hồng Bàng cho biết, năm 2022, quận đã kết nạp 34 đảng viên.",
        "Ở Kiến Thụy, năm qua có 2 tổ chức đảng được thành lập; 15 đảng viên được kết nạp.",
    ]);
}

#[test]
fn the_result_of_a_unit_is_no_headline() {
    never_accused(&[
        "Huyện ủy Cát Hải: 2/2 tổ chức đảng; 14/12 đảng viên. Về kết nạp đảng viên, 16/16 đơn vị hoàn thành, trong đó 10 đơn vị vượt.",
        "Cát Hải: 14/12 đảng viên. Về kết nạp đảng viên, 16/16 đơn vị hoàn thành, trong đó 10 đơn vị vượt.",
        "Quận ủy Kiến An: 2/2 tổ chức đảng; 15/15 đảng viên.\n\nKết nạp đảng viên có 16/16 đơn vị hoàn thành, 10/16 đơn vị vượt.",
        "Huyện kết nạp 14/12 đảng viên. Về kết nạp đảng viên, 16/16 đơn vị hoàn thành, trong đó 10 đơn vị vượt.",
        "Quận Hải An: 3/3 tổ chức đảng; 34/24 đảng viên. Toàn thành phố có 16/16 đảng bộ hoàn thành chỉ tiêu kết nạp đảng viên, 10 đảng bộ vượt.",
        "Tổ chức đảng: quận Lê Chân 4/3; 16/16 đơn vị hoàn thành, 4 đơn vị vượt.",
        "Đơn vị dẫn đầu đạt 5/3 tổ chức đảng. 16/16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đảng, 4 đơn vị vượt.",
    ]);
    accused_all(&[
        "Huyện ủy Cát Hải: 2/2 tổ chức đảng; 14/12 đảng viên. Về kết nạp đảng viên, 16/16 đơn vị hoàn thành, trong đó 11 đơn vị vượt.",
        "Toàn thành phố thành lập 47/42 tổ chức đảng. Huyện ủy Cát Hải: 2/2 tổ chức đảng; 14/12 đảng viên. Về thành lập tổ chức đảng, 16/16 đơn vị hoàn thành, trong đó 6 đơn vị vượt.",
    ]);
}

#[test]
fn somebody_without_a_name_is_one_of_many() {
    never_accused(&[
        "Tại Thủy Nguyên, năm 2022 đã thành lập 5 tổ chức đảng. Huyện cũng kết nạp 45 đảng viên.",
        "Trên địa bàn quận Hải An có 34 đảng viên được kết nạp trong năm. Quận cũng thành lập 3 tổ chức đảng.",
        "Trong năm, Đảng bộ phường kết nạp 6 đảng viên.",
        "Xã kết nạp 2 đảng viên.",
        "Cấp ủy cơ sở kết nạp 6 đảng viên.",
        "Các chi bộ kết nạp 6 đảng viên.",
        "Chiều 28/12, Huyện ủy tổ chức hội nghị tổng kết, năm 2022 kết nạp 45 đảng viên.",
        "Doanh nghiệp có 500 lao động, thành lập 1 tổ chức đảng, 1 công đoàn cơ sở.",
        "Đảng bộ huyện kết nạp 45 đảng viên.",
        "Thành ủy giao huyện kết nạp 32 đảng viên.",
        "Quận ủy Hải An dẫn đầu. Thành ủy giao quận kết nạp 24 đảng viên, kết quả quận kết nạp 34 đảng viên.",
        "Quận ủy Hải An là đơn vị tiêu biểu. Toàn quận kết nạp 34 đảng viên.",
        "Chi bộ tổ chức lễ, kết nạp 2 đảng viên.",
        "Địa phương kết nạp 6 đảng viên.",
        "Đơn vị đã thành lập 2 tổ chức đảng.",
        "Công ty có 300 lao động, năm 2022 kết nạp 3 đảng viên.",
        "Đảng ủy đã kết nạp 46 đảng viên.",
        "Trên địa bàn huyện thành lập 5 tổ chức đảng.",
        "Đảng ủy Khu kinh tế quản lý 450 doanh nghiệp. Năm qua, Đảng ủy thành lập 5 tổ chức đảng, kết nạp 46 đảng viên.",
        "Thị trấn kết nạp 4 đảng viên.",
        "Đảng ủy xã đã kết nạp 3 đảng viên, thành lập 1 tổ chức đảng.",
        "Liên đoàn Lao động huyện thành lập 20 công đoàn cơ sở.",
        "Huyện đoàn thành lập 5 tổ chức đoàn.",
        "Đảng bộ cơ sở kết nạp 4 đảng viên.",
        "Chi bộ Công ty đã kết nạp 3 đảng viên.",
        "Ban Thường vụ Huyện ủy chỉ đạo, đến nay kết nạp 45 đảng viên, thành lập 5 tổ chức đảng.",
        "Hội nghị của Đảng bộ huyện đánh giá năm 2022 kết nạp 45 đảng viên.",
        "Toàn huyện thành lập 5 tổ chức đảng; kết nạp 45 đảng viên.",
        "Cả quận kết nạp 36 đảng viên.",
        "Một quận kết nạp 36 đảng viên, vượt 38,5% chỉ tiêu.",
        "Quận đạt 138,5% kế hoạch kết nạp đảng viên.",
        "Trên địa bàn phường có 2 tổ chức đảng được thành lập.",
        "Hợp tác xã thành lập 1 tổ chức đảng.",
        "Nhà máy có 1.200 công nhân, kết nạp 5 đảng viên.",
        "Bệnh viện kết nạp 12 đảng viên.",
        "Cơ quan kết nạp 2 đảng viên.",
        "Trường Đại học Hải Phòng kết nạp 40 đảng viên.",
        "Khu công nghiệp Nomura kết nạp 6 đảng viên.",
        "Tổ dân phố số 5 kết nạp 1 đảng viên.",
        "Xí nghiệp kết nạp 6 đảng viên; thành lập 1 công đoàn cơ sở.",
    ]);
    accused_all(&[
        "Trên địa bàn quận Hải An có 34 đảng viên được kết nạp trong năm. Quận cũng thành lập 4 tổ chức đảng.",
        "Tại Thủy Nguyên, năm 2022 đã thành lập 5 tổ chức đảng. Huyện cũng kết nạp 46 đảng viên.",
        "Quận ủy Hải An là đơn vị tiêu biểu. Toàn quận kết nạp 35 đảng viên.",
        "Các cấp ủy đã thành lập 46 tổ chức đảng.",
        "Cấp ủy, chính quyền các cấp đã quan tâm, thành lập 46 tổ chức đảng.",
        "Trong năm, thành phố kết nạp 440 đảng viên.",
        "Liên đoàn Lao động thành phố thành lập 189 công đoàn cơ sở.",
        "Các quận ủy, huyện ủy, đảng ủy trực thuộc kết nạp 450 đảng viên.",
        "Cấp ủy các cấp kết nạp 450 đảng viên.",
        "Các cấp ủy, tổ chức đảng trong thành phố kết nạp 450 đảng viên.",
    ]);
}

#[test]
fn figures_are_compared_with_the_unit_of_which_the_text_speaks() {
    let cat_hai = ("Huyện ủy Cát Hải", "equal");
    check("Huyện ủy Cát Hải: 2/2 tổ chức đảng; 14/12 đảng viên.", &[cat_hai, cat_hai]);
    check("Huyện ủy Cát Hải: 2/2 tổ chức đảng; 15/12 đảng viên.", &[cat_hai, ("Huyện ủy Cát Hải", "differs")]);
    check(
        "Tại Thủy Nguyên, năm 2022 đã thành lập 5 tổ chức đảng. Huyện cũng kết nạp 46 đảng viên.",
        &[("Thủy Nguyên", "equal"), ("Huyện Thủy Nguyên", "differs")],
    );
    check(
        "Quận ủy Hải An dẫn đầu. Toàn quận kết nạp 34 đảng viên; phường kết nạp 6 đảng viên.",
        &[("Quận ủy Hải An", "equal"), ("Quận ủy Hải An", "not in the data")],
    );
    check("Quận ủy Hải An dẫn đầu. Năm 2022, kết nạp 35 đảng viên.", &[("Quận ủy Hải An", "not in the data")]);
    check("Quận ủy Hải An dẫn đầu. Năm 2022, kết nạp 449 đảng viên.", &[("", "equal")]);
    check("Quận ủy Hải An dẫn đầu. Về đảng viên, 16/16 đơn vị hoàn thành, 11 đơn vị vượt.", &[("", "differs")]);
    check("Hải Phòng có nhiều doanh nghiệp. Năm 2022, kết nạp 440 đảng viên.", &[("Hải Phòng", "differs")]);
    check(
        "Quận ủy Hải An thành lập 3 tổ chức đảng; toàn thành phố kết nạp 449 đảng viên.",
        &[("Quận ủy Hải An", "equal"), ("", "equal")],
    );
}
