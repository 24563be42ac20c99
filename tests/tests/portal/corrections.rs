//! A correction's form: it comes filled in with what is on record, and changes what was typed otherwise and nothing else.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use socai_tests::{Node, unit};

use crate::support::{Browser, Page, caught_up, recorded};

/// What a browser would send of a form as it was opened.
fn filled(page: &str) -> BTreeMap<String, String> {
    let form = page.split_once("<form class=\"entry\"").expect("a form").1.split_once("</form>").unwrap().0;
    let attribute = |tag: &str, name: &str| {
        tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap_or_default().to_owned())
    };
    let mut fields = BTreeMap::new();
    for tag in form.split('<').filter(|tag| tag.starts_with("input")) {
        let checkbox = tag.contains("type=\"checkbox\"");
        if let Some(name) = attribute(tag, " name").filter(|_| !checkbox || tag.contains(" checked")) {
            fields.insert(name, attribute(tag, "value").unwrap_or_default());
        }
    }
    for select in form.split("<select").skip(1) {
        let (head, options) = select.split_once('>').unwrap();
        let options = options.split_once("</select>").unwrap().0;
        let chosen = options.split("<option").find(|option| option.contains(" selected"));
        fields.insert(
            attribute(head, " name").unwrap(),
            attribute(chosen.unwrap_or_default(), "value").unwrap_or_default(),
        );
    }
    fields
}

struct Form<'a> {
    browser: &'a Browser,
    path: String,
    fields: BTreeMap<String, String>,
    text: String,
}

impl<'a> Form<'a> {
    async fn open(browser: &'a Browser, path: &str) -> Self {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        let path = path.split('?').next().unwrap().to_owned();
        Self { browser, path, fields: filled(&page.text), text: page.text }
    }

    fn set(&mut self, name: &str, value: &str) -> &mut Self {
        let before = self.fields.insert(name.to_owned(), value.to_owned());
        assert!(before.is_some() || value == "true", "the form has no {name}: {}", self.text);
        self
    }

    async fn send(&self, step: &str) -> Page {
        let typed = self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.browser.post(&self.path, &typed.chain([("step", step)]).collect::<Vec<_>>()).await
    }

    async fn recorded(&self) {
        let page = self.send("confirm").await;
        assert_eq!(page.status, 303, "{}", page.text);
    }
}

fn paper(number: &str) -> Value {
    json!({ "number": number, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-01" })
}

fn of_lc(document: &str) -> Value {
    json!({ "unit": unit("Quận ủy Lê Chân"), "membership": "party", "host_kind": "cooperative", "document": paper(document) })
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_corrected_in_one_part_and_keeps_the_others() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let parts = json!({ "count": 15, "of_which": { "women": 8, "worker": 3 } });
    let batch = recorded(&node, "admit-batch", "clerk", &with(of_lc("9001"), parts)).await;
    let clerk = Browser::new(&node, "clerk");
    let path = format!("/forms/correct-batch?batch={batch}");
    let of_which = async || node.json(&format!("/v1/batches/{batch}"), "clerk").await["of_which"].clone();

    let mut form = Form::open(&clerk, &path).await;
    let shown = ["count", "of_which.women", "of_which.worker", "of_which.religious", "effective_on", "host_kind"];
    let shown: Vec<_> = shown.iter().map(|name| form.fields[*name].as_str()).collect();
    assert_eq!(shown, ["15", "8", "3", "", "2022-12-01", "cooperative"]);
    assert!(form.text.contains("chỗ đúng để nguyên") && !form.text.contains("không sai để trống"), "{}", form.text);
    form.set("reason", "typo").set("of_which.women", "9");
    let preview = form.send("preview").await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    let (before, after) = (" · nữ 8 · công nhân 3</li>", " · nữ 9 · công nhân 3</li>");
    assert!(preview.text.contains(before) && preview.text.contains(after), "{}", preview.text);
    assert_eq!(preview.text.matches("class=\"move\"").count(), 1, "{}", preview.text);
    form.recorded().await;
    assert_eq!(of_which().await, json!({ "women": 9, "worker": 3 }));

    // What another clerk corrected while the form stood open stays as well.
    let mut stale = Form::open(&clerk, &path).await;
    let workers = json!({ "batch": batch, "reason": "typo", "of_which": { "women": 9, "worker": 4 } });
    recorded(&node, "correct-batch", "clerk", &workers).await;
    stale.set("reason", "typo").set("of_which.religious", "1").recorded().await;
    assert_eq!(of_which().await, json!({ "women": 9, "worker": 4, "religious": 1 }));

    // Typed alone, as by a program that fills in one field.
    let key = uuid::Uuid::now_v7().to_string();
    let alone = [
        ("key", key.as_str()),
        ("step", "confirm"),
        ("batch", &batch),
        ("reason", "typo"),
        ("of_which.women", "7"),
        ("of_which.worker", ""),
        ("count", ""),
    ];
    assert_eq!(clerk.post("/forms/correct-batch", &alone).await.status, 303);
    assert_eq!(of_which().await, json!({ "women": 7, "worker": 4, "religious": 1 }));

    // What is emptied is not stated any more.
    let mut emptied = Form::open(&clerk, &path).await;
    emptied.set("reason", "typo").set("of_which.women", "").set("of_which.worker", "").set("of_which.religious", "");
    emptied.recorded().await;
    assert_eq!(of_which().await, json!({}));
    let mut no_count = Form::open(&clerk, &path).await;
    let refused = no_count.set("reason", "typo").set("count", "").send("preview").await;
    assert!(refused.status == 400 && refused.text.contains("id=\"count-wrong\""), "{}", refused.text);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admission_keeps_the_traits_that_were_right() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let traits = json!({ "traits": { "women": true, "worker": false } });
    let one = recorded(&node, "admit-member", "clerk", &with(of_lc("9011"), traits)).await;
    recorded(&node, "hold-ceremony", "clerk", &json!({ "admission": one, "held_on": "2022-12-05" })).await;
    let clerk = Browser::new(&node, "clerk");
    let path = format!("/forms/correct-admission?admission={one}");
    let mut form = Form::open(&clerk, &path).await;
    let shown =
        ["traits.women", "traits.worker", "traits.religious", "ceremony.on"].map(|name| form.fields[name].clone());
    assert_eq!(shown, ["true", "false", "", "2022-12-05"]);
    form.set("reason", "typo").set("traits.religious", "true").recorded().await;
    let case = async || node.json(&format!("/v1/admissions/{one}"), "clerk").await;
    assert_eq!(case().await["of_which"], json!({ "women": 1, "worker": 0, "religious": 1 }));

    // The day that stands there is no right day beside the tick.
    let mut never = Form::open(&clerk, &path).await;
    never.set("reason", "did_not_happen").set("ceremony", "true").recorded().await;
    assert_eq!(case().await["held_on"], Value::Null);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filled_form_that_changes_nothing_still_takes_everything_back() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let founded = json!({ "unit": unit("Quận ủy Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "cooperative",
        "basis": "new", "members": 5, "document": paper("9021") });
    let id = recorded(&node, "found-organisation", "clerk", &founded).await;
    let clerk = Browser::new(&node, "clerk");
    let mut form = Form::open(&clerk, &format!("/forms/correct-organisation?organisation={id}")).await;
    assert_eq!(form.fields["kind"], "party_cell_grassroots");
    let typo = form.set("reason", "typo").send("preview").await;
    assert_eq!(typo.status, 422, "{}", typo.text);
    form.set("reason", "did_not_happen").recorded().await;
    let case = node.json(&format!("/v1/organisations/{id}"), "clerk").await;
    assert_eq!(case["state"], "taken_back");
    node.stop().await;
}
