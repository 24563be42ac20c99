//! A crosswalk read from a file into a running node: shown, refused by its lines, recorded once.

use std::{path::Path, process::Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{process::Process, subcommands::ask};

const PAPER: &str = "1669; NQ-UBTVQH15; Ủy ban Thường vụ Quốc hội (mẫu); 2025-06-16";

/// A node that knows old wards, and a folder for lists.
struct World {
    node: Process,
    folder: TempDir,
}

const fn ward(n: u32) -> Uuid {
    Uuid::from_u128(0x0a00 + n as u128)
}

impl World {
    /// Wards 1 to `wards`, with the codes 10001, 10002 … since 2010.
    fn with(wards: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let node = Process::start(folder.path(), &["--ledger", "thu"]);
        let world = Self { node, folder };
        let ward = |n: u32| {
            json!({ "create_unit": {
                "unit": ward(n), "kind": "ward", "name": format!("Phường Số {n}"), "code": code(n), "from": "2010-01-01", "display_order": n,
            } })
        };
        world.change((1..=wards).map(ward).collect());
        world
    }

    fn change(&self, changes: Vec<Value>) {
        let document = json!({ "number": "1", "symbol": "NQ", "issuer": "Quốc hội (mẫu)", "date": "2010-01-01" });
        let body = json!({ "document": document, "changes": changes }).to_string();
        let posted = ask(&self.node, self.folder.path(), "admin", &["post", "change-structure"], &body);
        assert_eq!(posted.status.code(), Some(0), "{posted:?}");
    }

    fn import(&self, list: &str, more: &[&str]) -> Output {
        let file = self.folder.path().join("list.csv");
        std::fs::write(&file, list).unwrap();
        let file = file.display().to_string();
        let mut arguments = vec!["structure", "import", &file, "--from", "2025-07-01", "--document", PAPER];
        arguments.extend(more);
        ask(&self.node, self.folder.path(), "admin", &arguments, "")
    }

    fn json(&self, path: &str) -> Value {
        let token = std::fs::read_to_string(self.folder.path().join("admin.token")).unwrap();
        let url = format!("{}{path}", self.node.url);
        let asked = async { reqwest::Client::new().get(url).bearer_auth(token.trim()).send().await?.json().await };
        tokio::runtime::Runtime::new().unwrap().block_on(asked).unwrap()
    }

    fn records(&self) -> u64 {
        self.json("/v1/records?limit=1")["tip"].as_u64().unwrap()
    }

    /// Name and id of the one unit with a code on a day.
    fn of_code(&self, code: &str, day: &str) -> (String, String) {
        let found = self.json(&format!("/v1/committees?code={code}&valid={day}"));
        let [unit] = &found["committees"].as_array().unwrap()[..] else { panic!("{code} on {day}: {found:#}") };
        (unit["name"].as_str().unwrap().to_owned(), unit["committee"].as_str().unwrap().to_owned())
    }
}

fn code(n: u32) -> String {
    (10_000 + n).to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const HEADER: &str = "Mã cũ,Tên cũ,Mã mới,Tên mới,Loại thay đổi,Mức độ\n";

/// 31 rows of 24 wards, of every kind; the new units have codes that old ones had.
fn list() -> String {
    let row = |n: u32, new: u32, kind: &str, extent: &str| {
        format!("{},Phường Số {n},{},Phường Mới {new},\"{kind}\",{extent}\n", code(n), code(new))
    };
    let mut list = HEADER.to_owned();
    for n in 1..=12 {
        list.push_str(&row(n, 1 + n % 4, "Nhập toàn bộ", "toàn bộ"));
    }
    for n in 13..=18 {
        list.push_str(&row(n, 1 + n % 4, "Nhập một phần", "một phần"));
        list.push_str(&row(n, 5, "Nhập một phần diện tích", ""));
    }
    list.push_str(&row(19, 1, "Nhập một phần", ""));
    list.push_str(&row(19, 2, "một phần diện tích, toàn bộ dân số", ""));
    list.push_str(&row(20, 6, "Tiếp tục", "toàn bộ"));
    list.push_str(&row(21, 7, "Đổi tên", ""));
    list.push_str(&row(22, 7, "merged wholly", "whole"));
    list.push_str(&format!("{0},Phường Số 23,{0},Phường Số 23,Giữ nguyên,\n", code(23)));
    list.push_str(&row(23, 5, "Tách ra", "một phần"));
    list
}

#[test]
fn a_list_is_shown_first_and_recorded_once_when_told_so() {
    let world = World::with(24);
    let before = world.records();
    let shown = world.import(&list(), &[]);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    assert_eq!(world.records(), before, "nothing is recorded without --yes");
    let table = text(&shown.stdout);
    for part in [
        "lập mới · new ward",
        "Phường Mới 5 [10005]",
        "kết thúc · ends",
        "đổi tên · renamed",
        "một phần diện tích, toàn bộ dân số",
    ] {
        assert!(table.contains(part), "no “{part}” in\n{table}");
    }
    assert!(text(&shown.stderr).contains("in 1 records. Nothing is recorded yet"), "{shown:?}");

    for said in ["position", "(was recorded before)"] {
        let recorded = world.import(&list(), &["--yes"]);
        assert_eq!(recorded.status.code(), Some(0), "{recorded:?}");
        assert!(text(&recorded.stderr).contains(said), "{recorded:?}");
        assert_eq!(world.records(), before + 1);
    }
    assert_eq!(world.of_code("10001", "2025-06-30"), ("Phường Số 1".to_owned(), ward(1).to_string()));
    let (name, new) = world.of_code("10001", "2025-07-01");
    assert_eq!(name, "Phường Mới 1");
    assert_eq!(world.of_code("10007", "2025-07-01"), ("Phường Mới 7".to_owned(), ward(21).to_string()));

    let lineage = world.json(&format!("/v1/committees/{new}/lineage?valid=2025-12-31"));
    let sources = lineage["made_of"]["committees"].as_array().unwrap();
    let whole = sources.iter().filter(|source| source["extent"] == "whole").count();
    assert_eq!((sources.len(), whole), (5, 3), "4, 8, 12 wholly; 16 and 19 in part: {lineage:#}");
    assert_eq!(lineage["made_of"]["edges"][0]["document"]["symbol"], "NQ-UBTVQH15");
    let old = world.json(&format!("/v1/committees/{}/lineage?valid=2025-12-31", ward(19)));
    assert_eq!(old["became"]["committees"].as_array().unwrap().len(), 2);
}

#[test]
fn every_bad_row_is_told_by_its_line_and_nothing_is_imported_until_it_is_set_aside() {
    let world = World::with(24);
    let before = world.records();
    let bad = format!(
        "{}10024,Phường Số 24,10008,Phường Mới 8,Nhâp một phần,\n99999,Phường Lạ,10008,Phường Mới 8,Nhập toàn bộ,\n,Phường Số 24,10008,Phường Mới 8,Nhập toàn bộ,\n10024,Phường Số 4,10008,Phường Mới 8,Nhập toàn bộ,\n",
        list()
    );
    let refused = world.import(&bad, &["--yes"]);
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    let told = text(&refused.stderr);
    for line in [
        "line 33: “Nhâp một phần” is no known kind of change; the nearest is “Nhập một phần”",
        "line 34: no unit has the code 99999 on 2025-06-30",
        "line 35: there is no old code",
        "line 36: the code 10024 is that of “Phường Số 24” on 2025-06-30",
        "--set-aside 33,34,35,36",
    ] {
        assert!(told.contains(line), "no “{line}” in\n{told}");
    }
    assert_eq!(world.records(), before);
    let elsewhere = world.import(&bad, &["--yes", "--set-aside", "33,34,35,36,99"]);
    assert_eq!(elsewhere.status.code(), Some(2), "{elsewhere:?}");
    let recorded = world.import(&bad, &["--yes", "--set-aside", "33,34,35,36"]);
    assert_eq!(recorded.status.code(), Some(0), "{recorded:?}");
    assert_eq!(world.of_code("10024", "2025-07-01").0, "Phường Số 24");

    // What was set aside follows in a list of its own, also into a unit that the first one made.
    let rest = format!("{HEADER}10024,Phường Số 24,10005,Phường Mới 5,Nhập toàn bộ,\n");
    for _ in 0..2 {
        let followed = world.import(&rest, &["--yes"]);
        assert_eq!(followed.status.code(), Some(0), "{followed:?}");
        assert_eq!(world.records(), before + 2);
    }
    let old = world.json(&format!("/v1/committees/{}/lineage?valid=2025-12-31", ward(24)));
    assert_eq!(old["became"]["committees"][0]["name"], "Phường Mới 5");
}

#[test]
fn more_than_500_steps_are_several_records_and_a_repeated_import_goes_on_where_it_stopped() {
    let world = World::with(300);
    // A body that stands under ward 290, whose end is in the second record.
    world.change(vec![json!({ "create_unit": {
        "unit": ward(900), "kind": "youth_body", "name": "Đoàn phường Số 290", "from": "2010-01-01", "led_by": ward(290), "display_order": 900,
    } })]);
    let row = |n: u32| format!("{},Phường Số {n},{},Phường Mới {n},Nhập toàn bộ,\n", code(n), code(n));
    let list: String = std::iter::once(HEADER.to_owned()).chain((1..=300).map(row)).collect();
    let before = world.records();
    let stopped = world.import(&list, &["--yes", "--output", "csv"]);
    assert_eq!(stopped.status.code(), Some(3), "{stopped:?}");
    let told = text(&stopped.stderr);
    assert!(told.contains("record 1 of 2") && told.contains("line 291 cannot be recorded"), "{told}");
    assert_eq!(world.records(), before + 1);

    let moved = json!({ "set_parent": { "unit": ward(900), "edge": "led_by", "parent": null, "from": "2025-07-01" } });
    world.change(vec![moved]);
    let went_on = world.import(&list, &["--yes", "--output", "csv"]);
    assert_eq!(went_on.status.code(), Some(0), "{went_on:?}");
    assert!(text(&went_on.stderr).contains("(was recorded before)\nrecord 2 of 2"), "{went_on:?}");
    assert_eq!(world.records(), before + 3);
    let (_, new) = world.of_code("10290", "2025-07-01");
    let lineage = world.json(&format!("/v1/committees/{new}/lineage?valid=2025-12-31"));
    assert_eq!(lineage["made_of"]["committees"][0]["committee"], json!(ward(290)));
}

#[test]
fn wrong_usage_says_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    std::fs::write(&file, "mã cũ,tên cũ\n").unwrap();
    let run = |file: &Path, paper: &str| {
        let file = file.display().to_string();
        let arguments = ["structure", "import", &file, "--from", "2025-07-01", "--document", paper];
        crate::process::socai(&arguments).output().unwrap()
    };
    let paper = run(&file, "1669");
    assert_eq!(paper.status.code(), Some(2));
    assert!(text(&paper.stderr).contains("number; symbol; issuer; YYYY-MM-DD"), "{paper:?}");
    let columns = run(&file, PAPER);
    assert_eq!(columns.status.code(), Some(2));
    assert!(text(&columns.stderr).contains("no column “mã mới”"), "{columns:?}");
}
