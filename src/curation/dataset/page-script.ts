/** What the dataset page does in the browser: filter, keys, decisions, and saving them as a file. Plain JavaScript. */
export const PAGE_SCRIPT = `
const articles = [...document.querySelectorAll('article')];
const made = new Map();
const count = document.querySelector('#count');
const save = document.querySelector('#save');
function decide(article, decision) {
  if (!article) return;
  const id = article.dataset.id;
  if (made.get(id) === decision) { made.delete(id); delete article.dataset.decision; }
  else { made.set(id, decision); article.dataset.decision = decision; }
  const accepted = [...made.values()].filter((value) => value === 'accept').length;
  count.textContent = accepted + ' accepted, ' + (made.size - accepted) + ' rejected';
  save.disabled = made.size === 0;
}
function move(step) {
  const shown = articles.filter((article) => !article.hidden);
  const at = shown.indexOf(document.activeElement.closest('article'));
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + step))];
  if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: 'start' }); }
}
document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.decide) decide(button.closest('article'), button.dataset.decide);
  if (button.dataset.filter) {
    for (const article of articles) article.hidden = button.dataset.filter !== 'all' && article.dataset.status !== button.dataset.filter;
    for (const other of document.querySelectorAll('[data-filter]')) other.setAttribute('aria-pressed', String(other === button));
  }
});
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const article = document.activeElement.closest('article');
  if (event.key === 'j') move(1);
  if (event.key === 'k') move(-1);
  if (event.key === 'a') decide(article, 'accept');
  if (event.key === 'r') decide(article, 'reject');
});
save.addEventListener('click', () => {
  const decisions = [...made].map(([id, decision]) => ({ id, decision }));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ decisions }, null, 2) + '\\n'], { type: 'application/json' }));
  link.download = 'decisions.json';
  link.click();
});
addEventListener('beforeunload', (event) => { if (made.size > 0) event.preventDefault(); });
`;
