//! The name of a ledger: given once, kept for ever, and held against what the settings say.

use testkit::nats::NatsServer;

use crate::process::{Process, socai};

#[test]
fn a_ledger_keeps_its_name_and_no_node_starts_on_it_under_another() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Process::start(folder.path(), &["--ledger", "tinhx"]).terminate(), Some(0));
    let data = folder.path().display().to_string();
    let refused = |data: &str, more: &[&str]| {
        let mut run = socai(&["run", "--listen", "127.0.0.1:0", "--data", data]);
        let output = run.args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let told = refused(&data, &["--ledger", "haiphong"]);
    assert!(
        told.contains("`tinhx`") && told.contains("`haiphong`") && told.contains("leave the setting out"),
        "{told}"
    );
    // Nothing was given, or its own name: it goes on under that.
    for given in [&[][..], &["--ledger", "tinhx"]] {
        assert_eq!(Process::start(folder.path(), given).terminate(), Some(0));
    }
    let doctor = |ledger: &[&str]| {
        let mut doctor = socai(&["doctor", "--listen", "127.0.0.1:0", "--data", &data]);
        String::from_utf8(doctor.args(ledger).output().unwrap().stdout).unwrap()
    };
    assert!(doctor(&[]).contains("ok     ledger       tinhx\n"), "{}", doctor(&[]));
    assert!(doctor(&["--ledger", "haiphong"]).contains("WRONG  ledger       the ledger that lies there is `tinhx`"));
    // A demonstration brings its own name.
    let empty = folder.path().join("empty").display().to_string();
    let told = refused(&empty, &["--demo=2022", "--ledger", "tinhx"]);
    assert!(told.contains("`haiphong`"), "{told}");
}

/// On a server the place has a name already.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_on_nats_is_called_as_its_place_unless_it_was_given_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start().await;
    for (place, given, held) in [("tinhx", &[][..], "tinhx"), ("hp", &["--ledger", "haiduong"], "haiduong")] {
        let (data, journal) = (folder.path().join(place), server.url(place));
        let on_nats = ["--journal", &journal];
        assert_eq!(Process::start(&data, &[&on_nats[..], given].concat()).terminate(), Some(0));
        let data = data.display().to_string();
        let mut run = socai(&["run", "--listen", "127.0.0.1:0", "--data", &data, "--journal", &journal]);
        let refused = run.args(["--ledger", "haiphong"]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let told = String::from_utf8(refused.stderr).unwrap();
        assert!(told.contains(&format!("is `{held}`")) && told.contains("`haiphong`"), "{told}");
        // Without a name it goes on, whatever the place is called.
        assert_eq!(Process::start(&folder.path().join(place), &on_nats).terminate(), Some(0));
    }
}
