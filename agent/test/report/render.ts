import MarkdownIt from 'markdown-it';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** The report as lenient renderers make it: HTML let through, every protocol allowed, addresses made links. */
export function renderings(markdown: string): readonly string[] {
  return [
    new MarkdownIt({ html: true, linkify: true, typographer: true }).render(markdown),
    micromark(markdown, {
      allowDangerousHtml: true,
      allowDangerousProtocol: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    }),
  ];
}

/** Elements that a report of ours may become. */
const OWN = new Set(['h1', 'h2', 'h3', 'h4', 'p', 'ul', 'li', 'strong', 'code', 'pre', 'a']);

/** Everything in the rendered report that it may not be: elements of others, and links that leave it. */
export function foreignIn(html: string): readonly string[] {
  const found: string[] = [];
  for (const [tag, slash = '', name = '', attributes = ''] of html.matchAll(
    /<(\/?)([a-z!?][^\s>/]*)([^>]*)>/gi,
  )) {
    if (slash === '/') continue;
    if (!OWN.has(name.toLowerCase())) found.push(tag);
    else if (name === 'a' && !/^ href="#(evidence|e\d+(-line-\d+)?)"$/.test(attributes)) found.push(tag);
    else if (name === 'code' && !/^( class="language-text")?$/.test(attributes)) found.push(tag);
    else if (name !== 'a' && name !== 'code' && attributes !== '') found.push(tag);
  }
  return found;
}

/** Where links may lead: the anchors of the headings, as renderers name them. */
export function anchorsIn(markdown: string): ReadonlySet<string> {
  const headings = markdown.matchAll(/^#{1,6} (.*)$/gm);
  return new Set(
    [...headings].map(
      ([, text = '']) =>
        `#${text
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} -]/gu, '')
          .replaceAll(' ', '-')}`,
    ),
  );
}
