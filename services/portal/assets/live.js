// Keeps the figures of the page up to date: server-sent events, applied in place. Without scripts the page stays as it was rendered.
const root = document.getElementById("live");
const badge = root.querySelector(".live");
const words = JSON.parse(root.dataset.words);
const vietnamese = document.documentElement.lang === "vi";
const numbers = new Intl.NumberFormat(vietnamese ? "vi-VN" : "en-US");
// Names of statuses come with the legend's own text where the page has it.
const statusNames = vietnamese
  ? { no_target: "không giao chỉ tiêu", not_due: "chưa đến hạn", missed: "chưa hoàn thành", exact: "bằng chỉ tiêu", exceeded: "vượt", not_reported: "chưa báo cáo" }
  : { no_target: "no target", not_due: "not due yet", missed: "missed", exact: "exactly met", exceeded: "exceeded", not_reported: "not reported" };
const SILENCE_MS = 40_000; // more than two heartbeats
const RETRY_MS = 5_000;
let silence;

function state(name) {
  badge.hidden = false;
  badge.dataset.state = name;
  badge.textContent = words[name];
}

function heard() {
  state("live");
  clearTimeout(silence);
  silence = setTimeout(() => state("stale"), SILENCE_MS);
}

function day(iso) {
  return vietnamese ? iso.split("-").reverse().join("/") : iso;
}

// The ledger's zone is UTC+7 without exceptions, wherever the reader is.
function instant(utc) {
  const local = new Date(Date.parse(utc) + 7 * 3_600_000).toISOString();
  return `${local.slice(11, 16)} ${day(local.slice(0, 10))}`;
}

function percent(text) {
  return vietnamese ? `${text} %` : `${text.replaceAll(".", "").replace(",", ".")} %`;
}

function put(element, text) {
  if (!element || element.textContent === text) return;
  element.textContent = text;
  element.classList.remove("changed");
  void element.offsetWidth; // begins the animation anew
  element.classList.add("changed");
}

function target(value) {
  if ("at_least" in value) return `≥ ${numbers.format(value.at_least)}`;
  if ("between" in value) return `${numbers.format(value.between.from)}–${numbers.format(value.between.to)}`;
  return numbers.format(value.exactly);
}

function showCell(measure, cell) {
  const link = document.querySelector(`[data-cell="${measure.measure}/${cell.committee}"]`);
  if (!link) return false;
  const text = cell.target ? `${numbers.format(cell.actual)}/${target(cell.target)}` : numbers.format(cell.actual);
  put(link, text);
  link.dataset.status = cell.status;
  const name = vietnamese ? measure.name : measure.name_en;
  link.title = `${cell.name}, ${name}: ${text}, ${statusNames[cell.status]}`;
  link.setAttribute("aria-label", link.title);
  return true;
}

function showMeasure(measure) {
  const plan = measure.plan_to ? `${numbers.format(measure.plan)}–${numbers.format(measure.plan_to)}` : numbers.format(measure.plan);
  // Of a sum with a range in it, the percentage is of the lower end.
  const lower = measure.plan_to ? (vietnamese ? " của cận dưới" : " of the lower end") : "";
  const shown = {
    actual: numbers.format(measure.actual), plan, total: numbers.format(measure.total),
    outside_plan: numbers.format(measure.outside_plan), percent: measure.percent ? percent(measure.percent) + lower : "",
    met: String(measure.units.met), with_plan: String(measure.units.with_plan), exceeded: String(measure.units.exceeded),
    status: statusNames[measure.status],
  };
  for (const box of document.querySelectorAll(`[data-measure="${measure.measure}"]`)) {
    for (const [key, text] of Object.entries(shown)) put(box.querySelector(`[data-k="${key}"]`), text);
    if (!box.classList.contains("card")) continue;
    box.dataset.status = measure.status;
    box.querySelector('[data-k="status"]').dataset.status = measure.status;
    box.querySelector('[data-if="outside_plan"]').hidden = measure.outside_plan === 0;
    for (const [of, stated] of Object.entries(measure.of_which)) {
      put(box.querySelector(`[data-of="${of}"]`), numbers.format(stated.n));
      put(box.querySelector(`[data-stated="${of}"]`), numbers.format(stated.stated));
    }
    const scale = Math.max(measure.actual, measure.plan, 1);
    box.querySelector('[data-k="bar"]').setAttribute("width", Math.round((Math.max(measure.actual, 0) * 1000) / scale));
    box.querySelector('[data-k="plan_at"]').setAttribute("x", Math.round((measure.plan * 1000) / scale));
  }
  return measure.cells.every((cell) => showCell(measure, cell));
}

function show(message) {
  heard();
  const data = JSON.parse(message.data);
  const known = data.measures.map(showMeasure).every(Boolean) && !(data.gone ?? []).length;
  put(root.querySelector('[data-k="position"]'), String(data.as_of.known_position));
  put(root.querySelector('[data-k="valid"]'), day(data.as_of.valid));
  put(root.querySelector('[data-k="judged_on"]'), day(data.judged_on));
  if (data.as_of.known_at) put(root.querySelector('[data-k="known_at"]'), instant(data.as_of.known_at));
  // A unit that the page does not show yet: let the server draw the table.
  if (!known) location.reload();
}

// After an answer that is no stream, such as that of a portal which is starting, a browser tries no more by itself.
function connect(changes) {
  const source = new EventSource(changes);
  const seen = (use) => (message) => {
    const next = new URL(changes, location);
    next.searchParams.set("last_event_id", message.lastEventId);
    changes = next;
    use(message);
  };
  source.addEventListener("snapshot", seen(show));
  source.addEventListener("cells", seen(show));
  source.addEventListener("position", seen((message) => {
    const data = JSON.parse(message.data);
    // The ledger was sealed here: the page as it is now says so, and listens no more.
    if (data.rests) return location.reload();
    heard();
    put(root.querySelector('[data-k="position"]'), String(data.position));
  }));
  source.addEventListener("open", heard);
  source.addEventListener("error", () => {
    clearTimeout(silence);
    state("stale");
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(changes), RETRY_MS);
  });
}

state("connecting");
connect(root.dataset.changes);
