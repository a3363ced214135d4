/**
 * The review page's script, in plain JavaScript. It filters items, handles keyboard shortcuts, records decisions and
 * saves them as a file.
 */
export const PAGE_SCRIPT = `
const articles = [...document.querySelectorAll('article')];
const choices = new Map();
const count = document.querySelector('#count');
const save = document.querySelector('#save');
function decide(article, decision) {
  if (!article) return;
  const id = article.dataset.id;
  if (choices.get(id) === decision) { choices.delete(id); delete article.dataset.decision; }
  else { choices.set(id, decision); article.dataset.decision = decision; }
  const accepted = [...choices.values()].filter((value) => value === 'accept').length;
  count.textContent = accepted + ' accepted, ' + (choices.size - accepted) + ' rejected';
  save.disabled = choices.size === 0;
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
  const decisions = [...choices].map(([id, decision]) => ({ id, decision }));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ decisions }, null, 2) + '\\n'], { type: 'application/json' }));
  link.download = 'decisions.json';
  link.click();
});
addEventListener('beforeunload', (event) => { if (choices.size > 0) event.preventDefault(); });
`;
