// Filters, the list of episodes, keys, and up to two panels side by side.

function stored(key, fallback) {
  try { return localStorage.getItem(`webarena-gym-${key}`) ?? fallback; } catch { return fallback; }
}

function store(key, value) {
  try { localStorage.setItem(`webarena-gym-${key}`, value); } catch { /* a private window: forgotten on leaving */ }
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function otherTheme() {
  const shown = document.documentElement.dataset.theme;
  const dark = shown ? shown === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
  store("theme", dark ? "light" : "dark");
}

function actions(count) {
  return `${count} action${count === 1 ? "" : "s"}`;
}

class Viewer {
  constructor(data) {
    Object.assign(this, data);
    this.store = new TextStore(data.texts);
    this.list = document.getElementById("list");
    this.panelBox = document.getElementById("panels");
    this.form = document.getElementById("filters");
    this.view = stored("view", "both");
    this.panels = [];
    this.current = -1;
    this.beside = null;
    this.episodes.forEach((episode) => {
      episode.haystack = [episode.goal, episode.task, ...episode.steps.map((step) => `${step.action} ${step.says}`)].join("\n").toLowerCase();
    });
    this.fillFilters();
    this.rows = this.episodes.map((episode, index) => this.row(episode, index));
    this.list.append(...this.rows);
    this.form.addEventListener("input", () => this.filter());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => this.key(event));
    this.filter();
    this.openFromAddress();
    this.ready = true; // from here on the address follows what is shown
    window.addEventListener("hashchange", () => this.openFromAddress());
  }

  fillFilters() {
    const choices = (name, all, values) => {
      const counts = new Map();
      for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
      const options = [...counts].map(([value, count]) => make("option", { value }, `${value} (${count})`));
      this.form.elements[name].append(make("option", { value: "" }, all), ...options);
    };
    choices("run", "all", this.episodes.map((episode) => this.runs[episode.run].label));
    choices("site", "all", this.episodes.map((episode) => episode.site));
    const order = Object.keys(MARKS);
    const outcomes = this.episodes.map((episode) => episode.outcome).sort((a, b) => order.indexOf(a) - order.indexOf(b));
    choices("outcome", "all", outcomes);
    const failures = outcomes.filter((outcome) => outcome !== "success" && outcome !== "infra error").length;
    if (failures) this.form.elements.outcome.options[0].after(make("option", { value: "failure" }, `any failure (${failures})`));
  }

  row(episode, index) {
    const reached = episode.milestones.map(([, time]) => (time === null ? "○" : "●")).join("");
    return make("div", { class: "row", role: "option", id: `row-${index}`, "aria-selected": "false", onclick: () => this.open(index) },
      make("span", { class: `mark ${classOf(episode.outcome)}`, title: episode.outcome }, MARKS[episode.outcome]),
      make("span", { class: "small", title: this.runs[episode.run].label }, [episode.task, actions(episode.steps.length), ...(this.runs.length > 1 ? [this.runs[episode.run].label] : [])].join(" · ")),
      make("span", { class: "pips", title: "milestones" }, reached),
      make("span", { class: "goal" }, episode.goal));
  }

  matches(episode) {
    const { run, site, outcome, search } = this.form.elements;
    return (!run.value || this.runs[episode.run].label === run.value) && (!site.value || episode.site === site.value)
      && (!outcome.value || episode.outcome === outcome.value || (outcome.value === "failure" && !["success", "infra error"].includes(episode.outcome)))
      && search.value.toLowerCase().split(/\s+/).every((word) => episode.haystack.includes(word));
  }

  filter() {
    this.shown = [];
    this.episodes.forEach((episode, index) => {
      const show = this.matches(episode);
      this.rows[index].hidden = !show;
      this.rows[index].style.display = show ? "" : "none";
      if (show) this.shown.push(index);
    });
    document.getElementById("count").textContent = `${this.shown.length} of ${this.episodes.length} episodes`;
    if (this.shown.length && !this.shown.includes(this.current)) this.open(this.shown[0]);
    if (!this.shown.length) this.clear("No episode matches.");
  }

  clear(message) {
    this.panels.forEach((panel) => panel.close());
    this.panels = [];
    this.current = -1;
    this.panelBox.replaceChildren(make("p", { class: "empty" }, message));
  }

  // Other episodes of the same task, as [index, label].
  others(index) {
    const { task } = this.episodes[index];
    return this.episodes.flatMap((episode, other) =>
      episode.task === task && other !== index ? [[other, `${MARKS[episode.outcome]} ${this.runs[episode.run].label}, seed ${episode.seed}`]] : []);
  }

  open(index, { step = 0, beside = null } = {}) {
    this.current = index;
    this.beside = beside;
    this.rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    this.showRow(this.rows[index]);
    this.list.setAttribute("aria-activedescendant", `row-${index}`);
    this.panels.forEach((panel) => panel.close());
    this.panels = [this.panel(index, true)];
    if (beside !== null) this.panels.push(this.panel(beside, false));
    this.panelBox.replaceChildren(...this.panels.map((panel) => panel.element));
    this.go(this.panels[0], step);
  }

  // Scrolls the list alone, never the page.
  showRow(row) {
    const top = row.offsetTop - this.list.offsetTop, { scrollTop, clientHeight } = this.list;
    if (top < scrollTop) this.list.scrollTop = top - 4;
    else if (top + row.offsetHeight > scrollTop + clientHeight) this.list.scrollTop = top + row.offsetHeight - clientHeight + 4;
  }

  panel(index, first) {
    const episode = this.episodes[index];
    return new Panel(episode, index, {
      run: this.runs[episode.run],
      store: this.store,
      view: this.view === "both" && this.beside !== null ? "text" : this.view,
      others: first ? this.others(index) : [],
      beside: first ? (this.beside ?? -1) : null,
      onstep: (panel, step) => this.go(panel, step),
      choose: (other) => this.open(this.current, { step: this.panels[0].step, beside: other }),
      setView: () => this.nextView(),
    });
  }

  // Both panels move together; the shorter one waits at its end.
  go(panel, step) {
    const target = Math.max(0, Math.min(step, Math.max(...this.panels.map((each) => each.episode.steps.length))));
    for (const each of this.panels) each.show(target);
    if (this.ready) history.replaceState(null, "", `#episode-${this.current}-${this.panels[0].step}${this.beside === null ? "" : `-${this.beside}`}`);
  }

  // Where the longer of the panels stands.
  step() {
    return Math.max(...this.panels.map((panel) => panel.step));
  }

  openFromAddress() {
    const match = /^#episode-(\d+)-(\d+)(?:-(\d+))?$/.exec(location.hash);
    if (!match || Number(match[1]) >= this.episodes.length) return;
    const beside = match[3] !== undefined && Number(match[3]) < this.episodes.length ? Number(match[3]) : null;
    this.open(Number(match[1]), { step: Number(match[2]), beside });
    document.getElementById("trajectories").scrollIntoView();
  }

  nextView() {
    const views = this.beside === null ? ["both", "text", "page"] : ["text", "page"];
    this.view = views[(views.indexOf(this.panels[0].view) + 1) % views.length];
    store("view", this.view);
    for (const panel of this.panels) {
      panel.view = this.view;
      panel.show(panel.step);
    }
  }

  compare() {
    const others = this.others(this.current);
    const at = others.findIndex(([index]) => index === this.beside);
    const next = others[at + 1];
    this.open(this.current, { step: this.panels[0].step, beside: next ? next[0] : null });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "range";
    if (typing && event.key === "Escape") return event.target.blur();
    if (typing) return;
    const inList = event.target === this.list;
    const panel = this.panels[0];
    const keys = {
      ArrowRight: () => panel && this.go(panel, this.step() + 1),
      ArrowLeft: () => panel && this.go(panel, this.step() - 1),
      Home: () => panel && this.go(panel, 0),
      End: () => panel && this.go(panel, Infinity),
      j: () => this.neighbour(1),
      k: () => this.neighbour(-1),
      c: () => panel && this.compare(),
      v: () => panel && this.nextView(),
      t: otherTheme,
      "/": () => this.form.elements.search.focus(),
    };
    if (inList) Object.assign(keys, { ArrowDown: keys.j, ArrowUp: keys.k });
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  neighbour(by) {
    const at = this.shown.indexOf(this.current) + by;
    if (at >= 0 && at < this.shown.length) this.open(this.shown[at]);
  }
}

if (stored("theme", "")) setTheme(stored("theme", ""));
document.getElementById("theme").addEventListener("click", otherTheme);
const block = document.getElementById("data");
if (block) window.viewer = new Viewer(JSON.parse(block.textContent));
