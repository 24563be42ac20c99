//! What is said to whoever forgot something: what to write instead.

use serde_json::json;

use crate::process::{Process, socai};

fn told(arguments: &[&str], code: i32) -> String {
    let output = socai(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_missing_token_or_file_and_a_role_that_is_none_are_told_with_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let body = folder.path().join("body.json").display().to_string();
    std::fs::write(&body, "{}").unwrap();
    let post = ["post", "found-organisation", "--url", &node.url, "--file", &body];
    let unsigned = told(&post, 3);
    assert!(unsigned.contains("no token was sent") && unsigned.contains("--token-file FILE"), "{unsigned}");
    assert!(unsigned.contains("SOCAI_TOKEN "), "{unsigned}");
    let nowhere = told(&[&post[..], &["--token-file", "nofile"]].concat(), 2);
    assert!(nowhere.contains("there is no token at nofile") && nowhere.contains("SOCAI_TOKEN"), "{nowhere}");
    assert!(nowhere.contains("No such file"), "{nowhere}");
    let role = told(&["token", "new", "--office", "31-DU", "--role", "chief"], 2);
    for word in domain::Role::ALL.iter().map(|role| role.word()) {
        assert!(role.contains(word), "{role}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_into_the_directory_wrongly_is_named_and_no_key_is_spoken_of() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let token = std::fs::read_to_string(folder.path().join("admin.token")).unwrap();
    let url = format!("{}/v1/directory/018f0000-0000-7000-8000-000000000001", node.url);
    let put = async |body: &serde_json::Value| {
        let http = kit::outgoing::plain().build().unwrap();
        let answer = http.put(&url).bearer_auth(token.trim()).json(body).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        answer.text().await.unwrap()
    };
    for (body, named) in
        [(json!({ "entrys": [] }), "`entries`"), (json!({ "entries": 7 }), "/entries"), (json!([]), "an object")]
    {
        let said = put(&body).await;
        assert!(said.contains(named) && !said.contains("Idempotency-Key") && !said.contains("/docs"), "{said}");
    }
}
