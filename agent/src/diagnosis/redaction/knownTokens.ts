import { marker, type Rule } from './rule.ts';

/** Tokens that their issuers gave a form of their own: the kind, the words that begin them, and the form. */
const FORMS: readonly (readonly [kind: string, hints: readonly string[], form: RegExp])[] = [
  ['jwt', ['eyj'], /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,4}/g],
  ['aws-key', ['akia', 'asia', 'abia', 'acca'], /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g],
  ['github-token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{30,}/g],
  ['github-token', ['github_pat_'], /(?<![A-Za-z0-9])github_pat_\w{22,}/g],
  ['gitlab-token', ['glpat-', 'gldt-', 'glrt-', 'glptt-'], /(?<![\w-])gl(?:pat|dt|rt|ptt)-[\w-]{16,}/g],
  [
    'slack-token',
    ['xoxa-', 'xoxb-', 'xoxe-', 'xoxe.', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-', 'xoxc-', 'xoxd-', 'xapp-'],
    /(?<![\w-])(?:xox[a-eoprs][.-]|xapp-)[\w.%-]{10,}/g,
  ],
  [
    'slack-webhook',
    ['hooks.slack.com'],
    /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,}/g,
  ],
  ['discord-webhook', ['/api/webhooks/'], /(?<=\/api\/webhooks\/)\d{5,25}\/[\w-]{16,}/g],
  ['google-key', ['aiza'], /(?<![\w-])AIza[\w-]{35}/g],
  ['google-token', ['ya29.'], /(?<![\w-])ya29\.[\w-]{20,}/g],
  ['google-secret', ['gocspx-'], /(?<![\w-])GOCSPX-[\w-]{20,}/g],
  [
    'stripe-key',
    ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  ],
  ['webhook-secret', ['whsec_'], /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=]{16,}/g],
  ['model-key', ['sk-'], /(?<![\w-])sk-(?=[A-Za-z_-]{0,64}\d)[\w-]{20,}/g],
  ['model-key', ['gsk_'], /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{40,}/g],
  ['model-key', ['xai-'], /(?<![\w-])xai-[A-Za-z0-9]{40,}/g],
  ['huggingface-token', ['hf_'], /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/g],
  ['npm-token', ['npm_'], /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}/g],
  ['pypi-token', ['pypi-age'], /(?<![\w-])pypi-AgE[\w-]{16,}/g],
  ['sendgrid-key', ['sg.'], /(?<![\w.-])SG\.[\w-]{16,}\.[\w-]{16,}/g],
  ['twilio-key', ['sk'], /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![0-9A-Za-z])/g],
  ['mailgun-key', ['key-'], /(?<![\w-])key-[0-9a-f]{32}(?![0-9A-Za-z])/g],
  ['digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], /(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{40,}/g],
  ['docker-token', ['dckr_pat_'], /(?<![A-Za-z0-9])dckr_pat_[\w-]{20,}/g],
  ['vault-token', ['hvs.', 'hvb.', 'hvr.'], /(?<![\w.-])hv[sbr]\.[\w-]{20,}/g],
  ['grafana-token', ['glsa_', 'glc_'], /(?<![A-Za-z0-9])(?:glsa|glc)_[\w+/=]{20,}/g],
  [
    'shopify-token',
    ['shpat_', 'shpca_', 'shppa_', 'shpss_'],
    /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g,
  ],
  ['square-token', ['sq0atp-', 'sq0csp-'], /(?<![\w-])sq0(?:atp|csp)-[\w-]{20,}/g],
  ['databricks-token', ['dapi'], /(?<![A-Za-z0-9])dapi[0-9a-f]{32}/g],
  ['atlassian-token', ['atatt3'], /(?<![A-Za-z0-9])ATATT3[\w=-]{20,}/g],
  ['newrelic-key', ['nrak-'], /(?<![\w-])NRAK-[A-Z0-9]{20,}/g],
  ['linear-key', ['lin_api_'], /(?<![A-Za-z0-9])lin_api_[A-Za-z0-9]{30,}/g],
  ['sentry-token', ['sntrys_'], /(?<![A-Za-z0-9])sntrys_[\w+/=-]{20,}/g],
  ['telegram-token', [':aa'], /(?<![\w-])\d{8,10}:AA[\w-]{32,35}(?![\w-])/g],
  ['age-key', ['age-secret-key-'], /\bAGE-SECRET-KEY-1[0-9A-Z]{40,}/g],
  ['terraform-token', ['.atlasv1.'], /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/g],
];

/** Tokens that are known by their form alone, wherever they stand. */
export const KNOWN_TOKENS: readonly Rule[] = FORMS.map(([kind, hints, form]) => ({
  hints,
  apply: (line) => line.replace(form, marker(kind)),
}));
