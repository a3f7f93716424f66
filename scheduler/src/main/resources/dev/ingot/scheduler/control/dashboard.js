// The page of a pool. It asks the API for everything, with the token of who looks; nothing is kept but that, for this tab.

const TIERS = ["basic", "standard", "premium"];
const METRICS = { cores: ["milliCores", 1000], memory: ["memoryMiB", 1024], devices: ["milliDevices", 1000] };
const UNITS = { cores: "cores", memory: "GiB", devices: "devices" };
const RANGES = { "10 min": 600e3, "1 h": 3600e3, "6 h": 6 * 3600e3, "7 d": 7 * 86400e3 };
const ACTIVE = ["running", "queued", "held", "starting", "suspending", "cancelling"];
const MOST_WORKLOADS = 20000, MOST_EVENTS = 20000, ROW = 32;

const $ = id => document.getElementById(id);
const store = { nodes: [], workloads: [], more: false, tenants: [], samples: [], events: [], sequence: 0, who: null, closed: false };
const view = { metric: "cores", range: "10 min", state: "all", find: "", chosen: 0, node: -1, cross: null };
let token = "";

/* ---- Small things ---- */

function h(tag, attributes, ...children) {
  const svg = ["svg", "path", "rect", "line", "text", "g", "title"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined).map(child =>
    child instanceof Node ? child : document.createTextNode(String(child))));
  return element;
}
const show = (holder, ...children) => holder.replaceChildren(...children.flat());
const number = value => value >= 100 ? Math.round(value).toLocaleString("en") : String(+value.toFixed(1));
const clock = millis => new Date(millis).toLocaleTimeString([], { hour12: false });
const percent = (part, whole) => whole > 0 ? Math.round(100 * part / whole) : 0;
function bytes(amount) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (amount >= 1024 && unit < 4) { amount /= 1024; unit++; }
  return (unit ? amount.toFixed(1) : amount) + " " + units[unit];
}
function ago(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  return seconds < 86400 ? Math.floor(seconds / 3600) + " h " + Math.floor(seconds % 3600 / 60) + " min"
    : Math.floor(seconds / 86400) + " d " + Math.floor(seconds % 86400 / 3600) + " h";
}
const amount = of => number(of.milliCores / 1000) + " cores, " + number(of.memoryMiB / 1024) + " GiB"
  + (of.milliDevices ? ", " + of.milliDevices / 1000 + " devices" : "");
const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
let toastTimer = 0;
function toast(text) {
  const holder = $("toast");
  holder.textContent = text;
  holder.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { holder.hidden = true; }, 6000);
}

/* ---- Asking ---- */

class Refused extends Error { constructor(status, text) { super(text); this.status = status; } }
async function ask(path, options = {}) {
  const headers = { Authorization: "Bearer " + token, ...(options.body ? { "Content-Type": "application/json" } : {}) };
  const response = await fetch(path, { ...options, headers });
  if (!response.ok) {
    const text = await response.text();
    let why = text;
    try { why = JSON.parse(text).error || text; } catch { /* Not JSON: as it is. */ }
    throw new Refused(response.status, why);
  }
  return response;
}
const json = async path => (await ask(path)).json();
const act = path => body => ask(path, { method: "POST", body: JSON.stringify(body || {}) });

function connection(kind, text) {
  const chip = $("connection");
  chip.className = "chip " + kind;
  if (chip.textContent !== text) chip.textContent = text;
}

/* ---- Looking again and again ---- */

async function loadWorkloads() {
  const all = [];
  let after = 0, page;
  do {
    page = await json("/v1/workloads?active=true&limit=1000&after=" + after);
    all.push(...page.workloads);
    after = page.next || 0;
  } while (after && all.length < MOST_WORKLOADS);
  store.workloads = all;
  store.more = after > 0;
  store.closed = page.closed;
}
async function loadUsage() {
  const since = Date.now() - RANGES[view.range];
  store.samples = (await json("/v1/usage?since=" + Math.max(0, since))).samples;
}
let loading = false, again = false;
async function refresh() {
  if (loading) { again = true; return; }
  loading = true;
  try {
    const [nodes, tenants] = await Promise.all([json("/v1/nodes"), json("/v1/tenants"), loadWorkloads(), loadUsage()]);
    store.nodes = nodes.nodes;
    store.tenants = tenants.tenants;
    connection(store.closed ? "wait" : "good", store.closed ? "being stopped" : "live");
    render();
  } catch (failure) {
    failed(failure);
  } finally {
    loading = false;
    if (again) { again = false; soon(); }
  }
}
function failed(failure) {
  if (failure.status === 401) login(failure.message);
  else connection("bad", failure.status === 429 ? "asking too often" : "cannot be reached");
}
let soonTimer = 0;
function soon() {
  if (!soonTimer) soonTimer = setTimeout(() => { soonTimer = 0; refresh(); }, 1000);
}

async function follow() {
  while (true) {
    try {
      const response = await ask("/v1/events?follow=true&after=" + store.sequence);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const lines = (text + part.value).split("\n");
        text = lines.pop();
        const events = lines.filter(line => line).map(line => JSON.parse(line)).filter(event => event.sequence);
        if (events.length) take(events);
      }
    } catch (failure) {
      failed(failure);
      if (failure.status === 401) return;
    }
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}
function take(events) {
  store.sequence = events[events.length - 1].sequence;
  store.events.push(...events);
  if (store.events.length > MOST_EVENTS) store.events.splice(0, store.events.length - MOST_EVENTS);
  renderEvents();
  soon();
}

/* ---- At a glance ---- */

function render() {
  renderSummary(); renderChart(); renderGrid(); renderRows(); renderTimeline(); renderQueue(); renderTenants();
}
function sum(items, pick) {
  return items.reduce((total, item) => total + pick(item), 0);
}
function renderSummary() {
  const alive = store.nodes.filter(node => node.alive);
  const tile = (value, label, part, whole) => {
    const fill = h("i");
    fill.style.width = percent(part, whole) + "%";
    return h("div", { class: "tile" }, h("b", {}, value), h("span", {}, label),
      whole === undefined ? null : h("div", { class: "meter" }, fill));
  };
  const total = key => sum(alive, node => node.capacity[key]), used = key => sum(alive, node => node.used[key]);
  const count = state => store.workloads.filter(workload => workload.state === state).length;
  const tiles = [
    tile(percent(used("milliCores"), total("milliCores")) + " %",
      `${number(used("milliCores") / 1000)} of ${number(total("milliCores") / 1000)} cores`, used("milliCores"), total("milliCores")),
    tile(percent(used("memoryMiB"), total("memoryMiB")) + " %",
      `${number(used("memoryMiB") / 1024)} of ${number(total("memoryMiB") / 1024)} GiB`, used("memoryMiB"), total("memoryMiB")),
    total("devices") ? tile(percent(used("devices"), total("devices")) + " %",
      `${used("devices")} of ${total("devices")} devices`, used("devices"), total("devices")) : null,
    tile(number(count("running") + count("starting")), "running"),
    tile(number(count("queued")), "waiting for room"),
    tile(number(count("held")), "suspended on request"),
    tile(alive.length.toLocaleString("en"), store.nodes.length === alive.length ? "nodes, all alive"
      : `nodes alive, ${store.nodes.length - alive.length} lost`),
  ];
  show($("summary"), tiles.filter(one => one));
}

/* ---- Usage over time ---- */

function choice(holder, names, chosen, choose) {
  show(holder, names.map(name => h("button", { type: "button", "aria-pressed": String(name === chosen), onclick: () => choose(name) }, name)));
}
// A young pool fills the picture too.
function beginning(now) {
  const first = store.samples.length ? store.samples[0].atMillis : now;
  return Math.max(now - RANGES[view.range], Math.min(first, now - 60e3));
}
function renderChart() {
  choice($("metric"), Object.keys(METRICS), view.metric, name => { view.metric = name; renderChart(); });
  choice($("range"), Object.keys(RANGES), view.range, name => { view.range = name; refresh(); renderTimeline(); });
  const holder = $("chart"), width = Math.max(280, holder.clientWidth), height = 260, left = 46, bottom = 22, top = 10;
  const [key, unit] = METRICS[view.metric];
  const samples = store.samples, now = Date.now(), from = beginning(now);
  const at = (sample, what) => sample[what][key] / unit;
  const most = Math.max(1, ...samples.map(sample => Math.max(at(sample, "capacity"), at(sample, "reserved"))));
  const x = millis => left + (millis - from) / (now - from) * (width - left - 6);
  const y = value => height - bottom - value / (most * 1.06) * (height - bottom - top);
  const children = [];
  for (let step = 0; step <= 4; step++) {
    const value = most * step / 4;
    children.push(h("line", { class: "grid-line", x1: left, x2: width - 6, y1: y(value), y2: y(value) }),
      h("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const ticks = width < 500 ? 3 : 6;
  for (let tick = 0; tick <= ticks; tick++) {
    const time = from + (now - from) * tick / ticks;
    const label = RANGES[view.range] > 86400e3 ? new Date(time).toLocaleDateString([], { weekday: "short", day: "numeric" })
      : new Date(time).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    children.push(h("text", { x: x(time), y: height - 5, "text-anchor": tick === 0 ? "start" : tick === ticks ? "end" : "middle" }, label));
  }
  const below = samples.map(() => 0);
  // A sample counts until the next one, so steps.
  const steps = values => values.map((value, i) => (i ? `H${x(samples[i].atMillis)}V${y(value)}`
    : `M${x(Math.max(samples[0].atMillis, from))} ${y(value)}`)).join("") + "H" + x(now);
  for (const tier of samples.length ? TIERS : []) {
    const lower = [...below];
    samples.forEach((sample, i) => { below[i] += sample.used[tier][key] / unit; });
    let back = "";
    for (let i = samples.length - 1; i >= 0; i--) back += `V${y(lower[i])}H${x(Math.max(samples[i].atMillis, from))}`;
    children.push(h("path", { class: "area-" + tier, d: steps(below) + back + "Z" }));
  }
  if (samples.length) {
    children.push(h("path", { class: "line-reserved", d: steps(samples.map(sample => at(sample, "reserved"))) }),
      h("path", { class: "line-of-reserved", d: steps(samples.map(sample => at(sample, "usedOfReservations"))) }),
      h("path", { class: "line-capacity", d: steps(samples.map(sample => at(sample, "capacity"))) }));
  }
  const index = view.cross === null ? samples.length - 1 : Math.min(view.cross, samples.length - 1);
  const shown = samples[index];
  if (view.cross !== null && shown) {
    children.push(h("line", { class: "crosshair", x1: x(shown.atMillis), x2: x(shown.atMillis), y1: top, y2: height - bottom }));
  }
  const picture = h("svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true",
    onpointermove: event => {
      const place = from + (event.offsetX - left) / (width - left - 6) * (now - from);
      const next = samples.findIndex(sample => sample.atMillis > place);
      view.cross = Math.max(0, (next < 0 ? samples.length : next) - 1);
      renderChart();
    },
    onpointerleave: () => { view.cross = null; renderChart(); } }, children);
  show(holder, picture);
  const value = what => shown ? number(at(shown, what)) : "–";
  const tierValue = tier => shown ? number(shown.used[tier][key] / unit) : "–";
  const entry = (name, label, text) => h("span", {}, h("i", { class: "key-" + name }), label + " ", h("b", {}, text));
  show($("legend"), entry("capacity", "capacity", value("capacity")), entry("reserved", "reserved", value("reserved")),
    entry("of-reserved", "used of reservations", value("usedOfReservations")),
    [...TIERS].reverse().map(tier => entry(tier, tier, tierValue(tier))));
  const total = shown ? sum(TIERS, tier => shown.used[tier][key]) / unit : 0;
  $("chart-text").textContent = shown ? `${view.cross === null ? "Now" : "At " + clock(shown.atMillis)}: ${number(total)} of `
    + `${value("capacity")} ${UNITS[view.metric]} used (${percent(total, at(shown, "capacity"))} %). `
    + `Arrow keys move through time.` : "Nothing is known yet.";
}
$("chart").addEventListener("keydown", event => {
  const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
  if (event.key === "Escape") view.cross = null;
  else if (!step) return;
  else view.cross = Math.max(0, Math.min(store.samples.length - 1, (view.cross ?? store.samples.length) + step));
  event.preventDefault();
  renderChart();
});

/* ---- Nodes: a square each, however many ---- */

const nodeState = node => !node.alive ? "lost" : node.cordoned ? "cordoned" : node.health === "healthy" ? "ready" : node.health;
const takesNone = node => node.cordoned || node.health === "suspect" || node.health === "quarantined";
const findings = node => Object.entries(node.findings || {}).map(([probe, found]) => `${probe}: ${found}`).join("; ");
const load = node => Math.max(node.used.milliCores / Math.max(1, node.capacity.milliCores),
  node.used.memoryMiB / Math.max(1, node.capacity.memoryMiB), node.capacity.milliDevices ? node.used.milliDevices / node.capacity.milliDevices : 0);
let cells = { size: 20, perRow: 1 };
function renderGrid() {
  const nodes = store.nodes, holder = $("grid-holder"), canvas = $("grid");
  const width = Math.max(200, holder.clientWidth - 4);
  const size = nodes.length <= 60 ? 44 : nodes.length <= 400 ? 26 : nodes.length <= 2000 ? 16 : 11;
  const perRow = Math.max(1, Math.floor(width / size)), rows = Math.ceil(nodes.length / perRow) || 1;
  cells = { size, perRow };
  const ratio = window.devicePixelRatio || 1;
  canvas.width = perRow * size * ratio;
  canvas.height = rows * size * ratio;
  canvas.style.width = perRow * size + "px";
  canvas.style.height = rows * size + "px";
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const paint = { empty: color("empty"), busy: color("busy"), lost: color("lost"), cordoned: color("cordoned"), text: color("text"), ground: color("card"),
    accent: color("accent") };
  const gap = size > 20 ? 3 : 1;
  nodes.forEach((node, i) => {
    const left = i % perRow * size, top = Math.floor(i / perRow) * size, inner = size - gap;
    pen.fillStyle = node.alive ? paint.empty : paint.lost;
    pen.fillRect(left, top, inner, inner);
    if (node.alive) {
      const full = Math.min(1, load(node)) * inner;
      pen.fillStyle = takesNone(node) ? paint.cordoned : paint.busy;
      pen.fillRect(left, top + inner - full, inner, full);
      if (takesNone(node)) {
        pen.strokeStyle = paint.text;
        pen.strokeRect(left + 1, top + 1, inner - 2, inner - 2);
      }
    }
    if (size > 40) {
      pen.fillStyle = node.alive && load(node) > .3 ? paint.ground : paint.text;
      pen.font = "10px system-ui, sans-serif";
      pen.fillText(node.name, left + 4, top + inner - 5, inner - 8);
    }
    if (i === view.node) {
      pen.lineWidth = 2;
      pen.strokeStyle = paint.text;
      pen.strokeRect(left + 1, top + 1, inner - 2, inner - 2);
      pen.lineWidth = 1;
    }
  });
  const count = state => nodes.filter(node => nodeState(node) === state).length.toLocaleString("en");
  const others = ["suspect", "quarantined", "probation"].filter(state => nodes.some(node => nodeState(node) === state));
  $("nodes-text").textContent = [`${count("ready")} ready, ${count("cordoned")} cordoned, ${count("lost")} lost`,
    ...others.map(state => `${count(state)} ${state}`)].join(", ")
    + "; filled as far as they are used, red where lost, framed where nothing new comes";
  nameNode();
}
function nameNode() {
  const node = store.nodes[view.node];
  $("node-at").textContent = node ? `${node.name}: ${nodeState(node)}, ${node.workloads} workloads, ${amount(node.used)} of `
    + amount(node.capacity) + (findings(node) && `; ${findings(node)}`) : "";
}
function nodeUnder(event) {
  const index = Math.floor(event.offsetY / cells.size) * cells.perRow + Math.floor(event.offsetX / cells.size);
  return index < store.nodes.length ? index : -1;
}
$("grid").addEventListener("pointermove", event => { const next = nodeUnder(event); if (next !== view.node) { view.node = next; renderGrid(); } });
$("grid").addEventListener("click", event => openNode(store.nodes[nodeUnder(event)]));
$("grid-holder").addEventListener("keydown", event => {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -cells.perRow, ArrowDown: cells.perRow }[event.key];
  if (event.key === "Enter") openNode(store.nodes[view.node]);
  else if (step) view.node = view.node < 0 ? 0 : Math.max(0, Math.min(store.nodes.length - 1, view.node + step));
  else return;
  event.preventDefault();
  renderGrid();
  $("grid-holder").scrollTop = Math.floor(view.node / cells.perRow) * cells.size - 150;
});

/* ---- Workloads: only the rows that can be seen exist ---- */

const dot = state => h("span", {}, h("i", { class: "dot s-" + state }), state);
const tierName = workload => workload.standing === workload.spec.tier ? workload.spec.tier : workload.spec.tier + ", lent";
let listed = [];
function renderRows() {
  choice($("states"), ["all", "running", "queued", "held"], view.state, name => { view.state = name; view.chosen = 0; $("rows").scrollTop = 0; renderRows(); });
  const find = view.find.toLowerCase();
  listed = store.workloads.filter(workload => (view.state === "all" || workload.state === view.state)
    && (!find || (workload.id + " " + workload.spec.tenant + " " + (workload.node || "")).toLowerCase().includes(find)));
  $("workloads-text").textContent = `${listed.length.toLocaleString("en")} of ${store.workloads.length.toLocaleString("en")} that have not ended`
    + (store.more ? `; only the first ${MOST_WORKLOADS.toLocaleString("en")} are shown here` : "");
  view.chosen = Math.max(0, Math.min(view.chosen, listed.length - 1));
  drawRows();
}
function drawRows() {
  const holder = $("rows"), top = holder.scrollTop;
  const first = Math.max(0, Math.floor(top / ROW) - 3), last = Math.min(listed.length, first + Math.ceil(holder.clientHeight / ROW) + 6);
  holder.setAttribute("aria-rowcount", listed.length);
  const space = h("div", { role: "presentation" });
  space.style.height = listed.length * ROW + "px";
  const children = [h("div", { class: "row head", role: "row" }, ["Id", "Tier", "State", "Node", "Tenant", "Moves", "Age"].map((name, i) =>
    h("span", { role: "columnheader", class: i === 1 || i > 3 ? "wide" : "" }, name)))];
  for (let i = first; i < last; i++) {
    const workload = listed[i];
    const row = h("div", { class: "row" + (i === view.chosen ? " chosen" : ""), role: "row", "aria-rowindex": i + 1, id: "row-" + i,
      "data-id": workload.id, onclick: () => { view.chosen = i; open(workload.id); } },
      h("span", { role: "gridcell" }, workload.id), h("span", { role: "gridcell", class: "wide" }, tierName(workload)),
      h("span", { role: "gridcell" }, dot(workload.state)), h("span", { role: "gridcell" }, workload.node || "–"),
      h("span", { role: "gridcell", class: "wide" }, workload.spec.tenant),
      h("span", { role: "gridcell", class: "wide number" }, Math.max(0, workload.epoch - 1)),
      h("span", { role: "gridcell", class: "wide number" }, ago(Date.now() - workload.submittedMillis)));
    row.style.top = (i + 1) * ROW + "px";
    children.push(row);
  }
  children.push(space);
  show(holder, children);
  holder.setAttribute("aria-activedescendant", listed.length ? "row-" + view.chosen : "");
}
$("rows").addEventListener("scroll", () => requestAnimationFrame(drawRows));
$("rows").addEventListener("keydown", event => {
  const page = Math.floor($("rows").clientHeight / ROW) - 2;
  const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity }[event.key];
  if (event.key === "Enter" && listed.length) open(listed[view.chosen].id);
  else if (step === undefined) return;
  else view.chosen = Math.max(0, Math.min(listed.length - 1, view.chosen + step));
  event.preventDefault();
  const place = view.chosen * ROW, holder = $("rows");
  if (place < holder.scrollTop) holder.scrollTop = place;
  if (place + 2 * ROW > holder.scrollTop + holder.clientHeight) holder.scrollTop = place + 2 * ROW - holder.clientHeight;
  drawRows();
});
$("find").addEventListener("input", event => { view.find = event.target.value; $("rows").scrollTop = 0; renderRows(); });

/* ---- Timeline ---- */

function stretches(events, until) {
  return events.map((event, i) => ({ state: event.state, node: event.node, reason: event.reason, from: event.atMillis,
    to: i + 1 < events.length ? events[i + 1].atMillis : ["done", "failed", "cancelled"].includes(event.state) ? event.atMillis : until }));
}
function gantt(rows, from, now, width, left) {
  const height = 22, children = [];
  const x = millis => left + Math.max(0, millis - from) / (now - from) * (width - left - 6);
  rows.forEach(([label, parts], i) => {
    const top = i * height;
    if (label) {
      children.push(h("text", { x: 0, y: top + 15 }, label.length > left / 7 ? label.slice(0, left / 7 - 1) + "…" : label));
    }
    for (const part of parts) {
      if (part.to < from) continue;
      const begin = x(part.from), wide = Math.max(part.to === part.from ? 3 : 1, x(part.to) - begin);
      const thin = part.state === "queued" || part.state === "held";
      children.push(h("rect", { class: "s-" + part.state, x: begin, y: top + (thin ? 8 : 2), width: wide, height: thin ? 6 : 18, rx: 2 },
        h("title", {}, `${clock(part.from)} ${part.state}${part.node ? " on " + part.node : ""}: ${part.reason}`)));
      if (!thin && part.node && wide > part.node.length * 7 + 8) {
        children.push(h("text", { class: "on-bar", x: begin + 4, y: top + 15 }, part.node));
      }
    }
  });
  return h("svg", { viewBox: `0 0 ${width} ${rows.length * height + 2}`, height: rows.length * height + 2, role: "img",
    "aria-label": "Where workloads were" }, children);
}
function renderTimeline() {
  const holder = $("gantt"), width = Math.max(280, holder.clientWidth), now = Date.now(), from = beginning(now);
  const byWorkload = new Map();
  for (const event of store.events) {
    if (event.workload) {
      if (!byWorkload.has(event.workload)) byWorkload.set(event.workload, []);
      byWorkload.get(event.workload).push(event);
    }
  }
  // Those that were moved about most lately are of most interest.
  const rows = [...byWorkload].filter(([, events]) => ACTIVE.includes(events[events.length - 1].state)
    || events[events.length - 1].atMillis > from).sort((a, b) => b[1][b[1].length - 1].sequence - a[1][a[1].length - 1].sequence)
    .slice(0, 24).map(([id, events]) => [id, stretches(events, now)]);
  show(holder, rows.length ? gantt(rows, from, now, width, width < 600 ? 90 : 170) : h("p", { class: "quiet" }, "Nothing has run yet."));
  show($("gantt-legend"), ["queued", "starting", "running", "suspending", "held", "failed"].map(state =>
    h("span", {}, h("i", { class: "s-" + state }), state === "held" ? "suspended" : state)));
}

/* ---- Queue, tenants, events ---- */

let reasons = new Map(), reasoning = false;
async function renderQueue() {
  const queued = store.workloads.filter(workload => workload.state === "queued"), first = queued.slice(0, 8);
  const items = first.map(workload => h("div", { class: "item" },
    h("button", { type: "button", class: "linkish", onclick: () => open(workload.id) }, workload.id), ` ${tierName(workload)}, ${amount(workload.spec.needs)}`,
    h("p", { class: "quiet" }, workload.claim ? "Room is kept for it on " + workload.claim + ". " : "",
      (reasons.get(workload.id) || []).slice(0, 2).join(" "))));
  show($("queue-list"), queued.length ? items : h("p", { class: "quiet" }, "Nobody waits."),
    queued.length > first.length ? h("p", { class: "quiet" }, `and ${(queued.length - first.length).toLocaleString("en")} more`) : "");
  if (reasoning || !first.length) return;
  reasoning = true;
  try {
    const known = await Promise.all(first.map(async workload => [workload.id, (await json("/v1/workloads/" + encodeURIComponent(workload.id))).why]));
    const fresh = new Map(known), changed = JSON.stringify([...fresh]) !== JSON.stringify([...reasons]);
    reasons = fresh;
    reasoning = false;
    if (changed) renderQueue();
  } catch {
    reasoning = false;
  }
}
function budget(tenant) {
  const all = tenant.limits && tenant.limits.budget, used = tenant.budgetUse;
  const of = (key, unit) => all && used && key in all ? `; used ${number(used[key] / 1000)} of ${number(all[key] / 1000)} ${unit}` : "";
  return of("milliCoreHours", "core-hours") + of("milliDeviceHours", "device-hours");
}
function renderTenants() {
  const capacity = sum(store.nodes.filter(node => node.alive), node => node.capacity.milliCores);
  show($("tenant-list"), store.tenants.length ? store.tenants.map(tenant => {
    const fill = h("i");
    fill.style.width = percent(tenant.used.milliCores, capacity) + "%";
    const reserved = tenant.reserved.milliCores || tenant.reserved.memoryMiB || tenant.reserved.milliDevices;
    const short = tenant.reserved.milliCores - tenant.usedOfReservation.milliCores;
    return h("div", { class: "item" }, h("b", {}, tenant.name), ` ${percent(tenant.used.milliCores, capacity)} % of the pool's cores`,
      h("div", { class: "meter" }, fill),
      h("p", { class: "quiet" }, `holds ${amount(tenant.used)}` + (reserved ? `; reserved ${amount(tenant.reserved)}, of which `
        + `${amount(tenant.usedOfReservation)} in use and ${number(short / 1000)} cores lent` : "; nothing reserved") + budget(tenant)));
  }) : h("p", { class: "quiet" }, "No tenant has a reservation or a workload on a node."));
}
function renderEvents() {
  show($("event-list"), store.events.slice(-150).reverse().map(event => h("li", {}, h("time", {}, clock(event.atMillis)),
    event.workload ? h("button", { type: "button", class: "linkish", onclick: () => open(event.workload) }, event.workload) : "",
    ` ${event.workload ? event.reason : event.reason}`)));
}

/* ---- One of them, and what can be done with it ---- */

let answer = () => {};
function confirmed(title, text, yes) {
  answer(false);
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = yes;
  $("confirm").showModal();
  return new Promise(resolve => { answer = resolve; });
}
$("confirm").addEventListener("submit", event => answer(event.submitter.value === "yes"));
// Told of a while after it closed, when it may be open for the next question.
$("confirm").addEventListener("close", () => { if (!$("confirm").open) answer(false); });
function action(name, possible, path, title, text, after) {
  return h("button", { type: "button", disabled: !possible, onclick: async () => {
    if (!await confirmed(title, text, name)) return;
    try {
      await act(path)();
      toast(name + ": asked for");
      soon();
      after();
    } catch (failure) {
      toast(failure.message);
    }
  } }, name);
}
const may = role => ["viewer", "operator", "admin"].indexOf(store.who.role) >= ["viewer", "operator", "admin"].indexOf(role);
let detailOf = 0;
function openDialog(title) {
  detailOf++;
  $("detail-title").textContent = title;
  if (!$("detail").open) $("detail").showModal();
  return detailOf;
}
$("detail-close").addEventListener("click", () => $("detail").close());
$("detail").addEventListener("close", () => { detailOf++; });

function openNode(node) {
  if (!node) return;
  openDialog("Node " + node.name);
  const base = "/v1/nodes/" + encodeURIComponent(node.name) + "/", close = () => $("detail").close();
  const here = store.workloads.filter(workload => workload.node === node.name);
  show($("detail-body"), h("div", { class: "buttons" },
    action("Cordon", may("admin") && node.alive && !node.cordoned, base + "cordon", `Cordon ${node.name}?`, "What runs there goes on; nothing new comes.", close),
    action("Uncordon", may("admin") && (node.cordoned || node.health !== "healthy"), base + "uncordon", `Uncordon ${node.name}?`, "Workloads may come again.", close),
    action("Drain", may("admin") && node.alive, base + "drain", `Drain ${node.name}?`,
      `Its ${node.workloads} workloads are suspended and go on elsewhere where there is room; nothing is lost.`, close)),
  h("dl", {}, h("dt", {}, "State"), h("dd", {}, nodeState(node) + (findings(node) && `: ${findings(node)}`)), node.location ? [h("dt", {}, "Location"), h("dd", {}, node.location)] : "", h("dt", {}, "Used"), h("dd", {}, amount(node.used)),
    h("dt", {}, "Capacity"), h("dd", {}, amount(node.capacity))),
  h("h2", {}, "Workloads"), here.length ? here.map(workload => h("div", { class: "item" },
    h("button", { type: "button", class: "linkish", onclick: () => open(workload.id) }, workload.id), " ", tierName(workload), " ", dot(workload.state)))
    : h("p", { class: "quiet" }, "None"));
}

async function open(id) {
  const turn = openDialog(id), path = "/v1/workloads/" + encodeURIComponent(id);
  const log = h("pre", { tabindex: "0", "aria-label": "Output", id: "log" }), top = h("div");
  show($("detail-body"), top, h("h2", {}, "Output"), h("p", { class: "quiet" }, "As it is written; what no image covers yet may be taken back."), log);
  let shown = 0, text = "";
  const decoder = new TextDecoder();
  while (turn === detailOf && $("detail").open) {
    try {
      const workload = await json(path);
      if (turn !== detailOf) return;
      renderDetail(top, workload, path, () => {});
      const part = await ask(`${path}/output?live=true&from=${shown}`);
      const fresh = await part.arrayBuffer();
      if (fresh.byteLength) {
        shown += fresh.byteLength;
        const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 20;
        text = (text + decoder.decode(fresh, { stream: true })).slice(-200000);
        log.textContent = text;
        if (atEnd) log.scrollTop = log.scrollHeight;
      }
      if (["done", "failed", "cancelled"].includes(workload.state) && !fresh.byteLength) return;
    } catch (failure) {
      show(top, h("p", {}, failure.message));
      if (failure.status) return;
    }
    await new Promise(resolve => setTimeout(resolve, 1500));
  }
}
function renderDetail(holder, workload, path, after) {
  const state = workload.state, mine = may("operator"), spec = workload.spec;
  // Buttons that are being used are not taken away.
  const before = JSON.stringify([workload, Math.floor(Date.now() / 15000)]);
  if (holder.dataset.shown === before) return;
  holder.dataset.shown = before;
  const focused = holder.contains(document.activeElement) ? document.activeElement.textContent : null;
  const fact = (name, value) => value === null || value === undefined || value === "" ? [] : [h("dt", {}, name), h("dd", {}, value)];
  const from = Math.max(workload.submittedMillis, Date.now() - 7 * 86400e3), ended = ["done", "failed", "cancelled"].includes(state);
  const last = workload.history[workload.history.length - 1];
  const until = ended && last ? last.atMillis + 1 : Date.now();
  const width = Math.max(260, holder.clientWidth);
  show(holder, h("div", { class: "buttons" },
    action("Suspend", mine && ["running", "starting", "queued"].includes(state), path + "/suspend", `Suspend ${workload.id}?`, "It writes an image and stands still until it is resumed. No work is lost.", after),
    action("Resume", mine && (state === "held" || state === "failed"), path + "/resume", `Resume ${workload.id}?`, "It goes on from its newest image where there is room.", after),
    action("Migrate", mine && state === "running", path + "/migrate", `Migrate ${workload.id}?`, "It is suspended and goes on on the node that it fits best. No work is lost.", after),
    action("Cancel", mine && !ended, path + "/cancel", `Cancel ${workload.id}?`, "It is ended for good and cannot be resumed.", after)),
  gantt([["", stretches(workload.history, until)]], from, Math.max(until, from + 1000), width, 0),
  h("dl", {}, fact("State", h("span", {}, dot(state), workload.node ? " on " + workload.node : "")), fact("Why", h("span", {}, (workload.why || []).map(sentence => h("div", {}, sentence)))),
    fact("Tier", `${tierName(workload)}, priority ${spec.priority}`), fact("Tenant", spec.tenant), fact("Needs", amount(spec.needs)),
    fact("Command", spec.command.join(" ")), fact("Directory", spec.directory),
    fact("Image", workload.image ? `${bytes(workload.image.bytes)}, number ${workload.image.sequence}` : null), fact("Problem", workload.problem),
    fact("Exit code", ended ? workload.exitCode : null)),
  h("table", {}, h("thead", {}, h("tr", {}, ["Time", "State", "Node", "Reason"].map(name => h("th", {}, name)))),
    h("tbody", {}, workload.history.slice(-30).reverse().map(event => h("tr", {}, h("td", {}, clock(event.atMillis)), h("td", {}, dot(event.state)),
      h("td", {}, event.node || "–"), h("td", {}, event.reason))))));
  if (focused) [...holder.querySelectorAll("button")].find(button => button.textContent === focused)?.focus();
}

/* ---- Coming in ---- */

function login(why) {
  $("app").hidden = true;
  $("login").hidden = false;
  $("login-error").textContent = token ? why : "";
  connection("wait", "not signed in");
  $("token").focus();
}
$("login-form").addEventListener("submit", event => {
  event.preventDefault();
  token = $("token").value.trim();
  $("token").value = "";
  begin();
});
let begun = false, timer = 0;
async function begin() {
  try {
    store.who = await json("/v1/whoami");
  } catch (failure) {
    return failed(failure);
  }
  sessionStorage.setItem("ingot-token", token);
  $("who").textContent = `${store.who.name}, ${store.who.role}${store.who.tenant ? " of " + store.who.tenant : ""}`;
  $("login").hidden = true;
  $("app").hidden = false;
  await refresh();
  follow();
  clearInterval(timer);
  timer = setInterval(() => { if (!document.hidden) refresh(); }, 5000);
  if (!begun) {
    begun = true;
    addEventListener("resize", () => requestAnimationFrame(render));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  }
}

const THEMES = ["system", "light", "dark"], dark = matchMedia("(prefers-color-scheme: dark)");
function theme() {
  const chosen = localStorage.getItem("ingot-theme") || "system";
  document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  $("theme").textContent = "Theme: " + chosen;
  if (!$("app").hidden) render();
}
$("theme").addEventListener("click", () => {
  const chosen = localStorage.getItem("ingot-theme") || "system";
  localStorage.setItem("ingot-theme", THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]);
  theme();
});
dark.addEventListener("change", theme);
theme();

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) history.replaceState(null, "", location.pathname);
token = given || sessionStorage.getItem("ingot-token") || "";
if (token) begin(); else login("");
