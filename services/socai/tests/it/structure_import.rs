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
        self.import_from("2025-07-01", list, more)
    }

    fn import_from(&self, from: &str, list: &str, more: &[&str]) -> Output {
        let file = self.folder.path().join("list.csv");
        std::fs::write(&file, list).unwrap();
        let file = file.display().to_string();
        let mut arguments = vec!["structure", "import", &file, "--from", from, "--document", PAPER];
        arguments.extend(more);
        ask(&self.node, self.folder.path(), "admin", &arguments, "")
    }

    fn json(&self, path: &str) -> Value {
        let token = std::fs::read_to_string(self.folder.path().join("admin.token")).unwrap();
        let url = format!("{}{path}", self.node.url);
        let asked = async {
            kit::outgoing::plain().build().unwrap().get(url).bearer_auth(token.trim()).send().await?.json().await
        };
        tokio::runtime::Runtime::new().unwrap().block_on(asked).unwrap()
    }

    fn records(&self) -> u64 {
        self.json("/v1/records?limit=1")["tip"].as_u64().unwrap()
    }

    /// What is said is said alike with `--yes` and without, and nothing is recorded.
    #[track_caller]
    fn refuses(&self, from: &str, list: &str, told: &[&str]) {
        let before = self.records();
        for more in [&[][..], &["--yes"]] {
            let refused = self.import_from(from, list, more);
            assert_eq!(refused.status.code(), Some(3), "{refused:?}");
            let said = text(&refused.stderr);
            for part in told {
                assert!(said.contains(part), "no “{part}” in\n{said}");
            }
        }
        assert_eq!(self.records(), before);
    }

    fn unit(&self, unit: Uuid, day: &str) -> Value {
        let found = self.json(&format!("/v1/committees?limit=1000&valid={day}"));
        let units = found["committees"].as_array().unwrap();
        units
            .iter()
            .find(|known| known["committee"] == json!(unit))
            .unwrap_or_else(|| panic!("{unit}: {found:#}"))
            .clone()
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

    let again = "All that the list says is recorded already; there is nothing to record.";
    for (more, said) in [(&["--yes"][..], "position"), (&["--yes"], again), (&[], again)] {
        let recorded = world.import(&list(), more);
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
        "{}10024,Phường Số 24,10008,Phường Mới 8,Nhâp một phần,\n99999,Phường Lạ,10008,Phường Mới 8,Nhập toàn bộ,\n,Phường Số 24,10008,Phường Mới 8,Nhập toàn bộ,\n10024,Phường Số 4,10008,Phường Mới 8,Nhập toàn bộ,\n10024,Phường Số 24,10008,Phường Mới 8,Nhập một phần diện tích, toàn bộ dân số,\n",
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
        "line 37: it has 7 fields where the header has 6: put a value with the separator in it between double quotes",
        "--set-aside 33,34,35,36,37",
    ] {
        assert!(told.contains(line), "no “{line}” in\n{told}");
    }
    assert_eq!(world.records(), before);
    let elsewhere = world.import(&bad, &["--yes", "--set-aside", "33,34,35,36,37,99"]);
    assert_eq!(elsewhere.status.code(), Some(2), "{elsewhere:?}");
    let recorded = world.import(&bad, &["--yes", "--set-aside", "33,34,35,36,37"]);
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
fn many_steps_are_several_records_and_an_import_goes_on_after_what_is_recorded() {
    let world = World::with(300);
    // A body that stands under ward 290, whose end is in the second record.
    world.change(vec![youth(900, 290)]);
    let row = |n: u32| format!("{},Phường Số {n},{},Phường Mới {n},Nhập toàn bộ,\n", code(n), code(n));
    let list = |until: u32| std::iter::once(HEADER.to_owned()).chain((1..=until).map(row)).collect::<String>();
    let before = world.records();
    let import = |list: &str| {
        let imported = world.import(list, &["--yes", "--output", "csv"]);
        let told = text(&imported.stderr);
        assert_eq!(imported.status.code(), Some(0), "{told}");
        told
    };
    import(&list(50));
    assert_eq!(world.records(), before + 1);
    let told = import(&list(300));
    assert!(told.contains("recorded already, and left as it is: lines 2–51\n"), "{told}");
    let records = told.lines().filter(|line| line.starts_with("record ")).count() as u64;
    assert!(records > 1 && told.contains(&format!("record {records} of {records}: position")), "{told}");
    assert_eq!(world.records(), before + 1 + records);
    let (_, new) = world.of_code("10290", "2025-07-01");
    let lineage = world.json(&format!("/v1/committees/{new}/lineage?valid=2025-12-31"));
    assert_eq!(lineage["made_of"]["committees"][0]["committee"], json!(ward(290)));
    assert_eq!(world.unit(ward(900), "2025-07-01")["led_by"], json!(new));
}

/// A body that a ward leads.
fn youth(n: u32, led_by: u32) -> Value {
    json!({ "create_unit": {
        "unit": ward(n), "kind": "youth_body", "name": format!("Đoàn phường Số {led_by}"), "from": "2010-01-01", "led_by": ward(led_by),
        "display_order": n,
    } })
}

/// Wards 1 to 4, of which the first two stand under a district; the first leads a youth body.
fn district() -> World {
    let world = World::with(4);
    let (district, from) = (ward(500), "2015-01-01");
    let mut changes = vec![json!({ "create_unit": {
        "unit": district, "kind": "urban_district", "name": "Quận Cũ", "from": "2010-01-01", "display_order": 500,
    } })];
    changes.extend(
        [1, 2].map(|n| json!({ "set_parent": { "unit": ward(n), "edge": "line", "parent": district, "from": from } })),
    );
    changes.push(youth(900, 1));
    world.change(changes);
    world
}

#[test]
fn those_under_a_unit_go_with_it_and_the_new_unit_stands_where_the_old_ones_stood() {
    let world = district();
    let merged = format!(
        "{HEADER}10001,Phường Số 1,10001,Phường Mới,Sáp nhập,\n10002,Phường Số 2,10001,Phường Mới,Hợp nhất.,toàn bộ\n"
    );
    let shown = world.import(&merged, &["--output", "csv"]);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let table = text(&shown.stdout);
    for part in [
        "Phường Mới [10001],cấp trên · superior: Quận Cũ",
        "cấp ủy lãnh đạo · led by,Đoàn phường Số 1,Phường Mới [10001]",
    ] {
        assert!(table.contains(part), "no “{part}” in\n{table}");
    }
    let recorded = world.import(&merged.replace(',', ";"), &["--yes"]);
    assert_eq!(recorded.status.code(), Some(0), "{recorded:?}");
    let (_, new) = world.of_code("10001", "2025-07-01");
    assert_eq!(world.unit(ward(900), "2025-07-01")["led_by"], json!(new));
    assert_eq!(world.unit(new.parse().unwrap(), "2025-07-01")["line"], json!(ward(500)));
}

#[test]
fn what_would_be_refused_is_refused_before_it_is_asked_to_be_recorded() {
    let world = district();
    let row =
        |n: u32, new: u32, name: &str, kind: &str| format!("{},Phường Số {n},{},{name},{kind},\n", code(n), code(new));
    let divided = format!("{HEADER}{}{}", row(1, 51, "Phường Mới", "Tách"), row(1, 52, "Phường Khác", "Chia"));
    world.refuses("2025-07-01", &divided, &["line 2: “Phường Số 1” is divided", "“Đoàn phường Số 1” under it go"]);
    let held = format!("{HEADER}{}", row(3, 4, "Phường Mới", "Nhập toàn bộ"));
    world.refuses("2025-07-01", &held, &["line 2: the new code 10004 is that of “Phường Số 4” from 2025-07-01 on"]);
    let doubled = format!(
        "{HEADER}{}{}{}",
        row(3, 3, "Phường Mới", "Nhập toàn bộ"),
        row(3, 3, "Phường Mới", "Nhập toàn bộ"),
        row(9, 3, "Phường Mới", "x")
    );
    world.refuses(
        "2025-07-01",
        &doubled,
        &["line 3: it says the same as line 2", "“x” is no known kind of change; write one of", "--set-aside 3,4\n"],
    );
    let people = "\"một phần diện tích, toàn bộ dân số\"";
    let twice = format!("{HEADER}{}{}", row(2, 51, "Phường Mới", people), row(2, 52, "Phường Khác", people));
    world.refuses("2025-07-01", &twice, &["line 3: one of this line and line 2 takes all of the population"]);
    let recorded = world.import(&doubled, &["--yes", "--set-aside", "3, 4"]);
    assert_eq!(recorded.status.code(), Some(0), "{recorded:?}");
    // A unit that ends later than the list says.
    let earlier =
        format!("{HEADER}{}{}", row(4, 4, "Phường Bốn", "Nhập toàn bộ"), row(3, 4, "Phường Bốn", "Nhập toàn bộ"));
    world.refuses("2025-06-01", &earlier, &["line 3 cannot be recorded", "ended on 2025-07-01", "unit-ended"]);
    assert_eq!(world.of_code("10004", "2025-06-01").0, "Phường Số 4");
}

#[test]
fn a_list_without_rows_is_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("list.csv");
    let arguments = ["structure", "import", file.to_str().unwrap(), "--from", "2025-07-01", "--document", PAPER];
    for (rows, more) in [("", &[][..]), ("", &["--yes"]), ("1,A,2,B,renamed,\n", &["--set-aside", "2"])] {
        std::fs::write(&file, format!("{HEADER}{rows}")).unwrap();
        let output = crate::process::socai(&[&arguments[..], more].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains("nothing to import"), "{output:?}");
    }
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
