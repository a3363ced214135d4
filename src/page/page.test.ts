import { describe, expect, it } from 'vitest';
import { htmlPage } from './html-page.ts';
import { escapeHtml } from './html-text.ts';
import { worldMap } from './world-map.ts';

const at = (latitudeDegrees: number, longitudeDegrees: number) => ({ latitudeDegrees, longitudeDegrees });

it('escapes characters that could end an attribute or start an element', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});

describe('htmlPage', () => {
  it('escapes the title and lets the browser load nothing', () => {
    const page = htmlPage({ title: 'a < b', body: '<p>x</p>' });
    expect(page).toContain('<h1>a &lt; b</h1>\n<p>x</p>');
    expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
    expect(page).not.toContain('<script');
  });

  it('lets a script run only if the page has one', () => {
    const page = htmlPage({ title: 't', body: '', header: '<header></header>', script: 'go()' });
    expect(page).toContain(`; script-src 'unsafe-inline'"`);
    expect(page).toContain('<script>go()</script>');
    expect(page).not.toContain('<h1>');
  });
});

describe('worldMap', () => {
  const point = { coordinate: at(0, 0), title: "<Null> 'island'", className: 'dot', href: '#a"b' };
  const map = (options: object) => worldMap({ description: 'A map', points: [point], radius: 4, ...options });

  it('draws the middle of the world in the middle of the map, and escapes its texts', () => {
    expect(map({})).toContain(
      '<a href="#a&quot;b"><circle class="dot" cx="480.0" cy="235.0" r="4"><title>&lt;Null&gt; &#39;island&#39;</title></circle></a>',
    );
  });

  it('ends a link in its number, or else in a ring', () => {
    const link = { from: at(10, 10), to: at(0, 0) };
    expect(map({ links: [link] })).toContain('<circle class="ring" cx="480.0" cy="235.0" r="5"/>');
    const numbered = map({ links: [{ ...link, number: 3 }] });
    expect(numbered).toContain('>3</text>');
    expect(numbered).not.toContain('class="ring"');
  });
});
