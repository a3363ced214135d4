// The project's own lint rules, for cases that no rule of oxlint covers.

const MESSAGE =
  'The m flag lets ^ and $ match at U+2028 and similar characters, which makes scans over white space quadratic: split with linesOf (core/lines.ts).';

/** Forbids regular expressions with the m flag. */
const noMultilineRegexp = {
  create: (context) => {
    const check = (node) => {
      const flags = node.arguments[1];
      const isRegExp = node.callee.type === 'Identifier' && node.callee.name === 'RegExp';
      if (isRegExp && typeof flags?.value === 'string' && flags.value.includes('m')) {
        context.report({ node, message: MESSAGE });
      }
    };
    return {
      Literal: (node) => {
        if (node.regex?.flags.includes('m')) context.report({ node, message: MESSAGE });
      },
      NewExpression: check,
      CallExpression: check,
    };
  },
};

export default { meta: { name: 'globe' }, rules: { 'no-multiline-regexp': noMultilineRegexp } };
