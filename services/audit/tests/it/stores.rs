//! A store of a test's own, on each database.

use views::laws::Opened;

pub(crate) async fn sqlite() -> Opened {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Opened { url: format!("sqlite:{}/views of a test", folder.path().display()), guard: Box::new(folder) }
}

pub(crate) async fn postgres() -> Opened {
    Opened { url: testkit::postgres::shared().database().await, guard: Box::new(()) }
}
