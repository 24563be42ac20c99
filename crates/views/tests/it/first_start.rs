//! Several processes at their first start on a database in which nothing was made yet.

use futures::future::join_all;
use testkit::postgres;
use views::{Store, View, laws::Tables};

/// Tally and audit begin together; each needs the table of pointers, and neither may end because the other was about to make it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_begin_at_once_on_an_empty_database_find_a_store() {
    const DATABASES: usize = 4;
    const TOGETHER: usize = 8;
    for _ in 0..DATABASES {
        let url = postgres::shared().database().await;
        let opened = join_all((0..TOGETHER).map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move {
                    let store = Store::open(&url).await?;
                    Ok::<_, views::StoreError>(store.current(Tables.schema()).await?.number())
                }
            })
        }));
        for generation in opened.await {
            assert_eq!(generation.unwrap().unwrap(), 1);
        }
    }
}
