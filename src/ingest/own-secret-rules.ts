/**
 * Secrets that the published rules do not know, or know in a narrower form: keys by the form that a service documents, and
 * values that a command, a format or an address has in a place of its own.
 */
export interface OwnSecretRule {
  /** In lower case; only texts with one of them are looked at. */
  readonly keywords: readonly string[];
  /** Finds, cheaply, every text in which the pattern can find something. It ignores case. */
  readonly sign: string;
  /** Its first group stays before what is replaced, and its second, where there is one, behind it. */
  readonly pattern: string;
}

/** Keys that tell by their beginning what they are: nothing of them stays. */
const key = (keyword: string, form: string): OwnSecretRule => ({
  keywords: [keyword],
  sign: `(?-i:${form})`,
  pattern: `()${form}`,
});

const VALUE = String.raw`[^\s"'|;&<>$][^\s"']*`;
/** What stands between a program's name and an option of the same command. */
const OPTIONS = String.raw`[^\n|;&]*?\s`;

const KEYS: readonly OwnSecretRule[] = [
  key('sbp_', String.raw`\bsbp_[0-9a-f]{20,}`),
  key('sb_secret_', String.raw`\bsb_secret_[\w-]{16,}`),
  key('ntn_', String.raw`\bntn_[A-Za-z0-9]{24,}`),
  key('figd_', String.raw`\bfigd_[\w-]{16,}`),
  key('tskey-', String.raw`\btskey-[a-z]{3,12}-[\w-]{10,}`),
  key('nfp_', String.raw`\bnfp_[A-Za-z0-9]{20,}`),
  key('rnd_', String.raw`\brnd_[A-Za-z0-9]{20,}`),
  key('re_', String.raw`\bre_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{12,}`),
  key('lsv2_', String.raw`\blsv2_(?:pt|sk)_[0-9a-f]{16,}(?:_[0-9a-f]*)?`),
  key('pcsk_', String.raw`\bpcsk_\w{20,}`),
  key('fw_', String.raw`\bfw_[A-Za-z0-9]{20,}`),
  key('nrak-', String.raw`\bNRAK-[A-Z0-9]{16,}`),
  key('access_token$', String.raw`\baccess_token\$[a-z]+\$[0-9a-z]{8,}(?:\$[0-9a-f]*)?`),
  key('key-', String.raw`\bkey-[0-9a-f]{32}\b`),
  key(':aa', String.raw`(?:\b|bot)[0-9]{8,10}:AA[\w-]{16,}`),
  {
    keywords: ['discord', 'bot'],
    sign: String.raw`(?-i:[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{20})`,
    pattern: String.raw`()\b[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{20,}`,
  },
];

const ADDRESSES: readonly OwnSecretRule[] = [
  {
    keywords: ['/api/webhooks/'],
    sign: '/api/webhooks/',
    pattern: String.raw`(/api/webhooks/[0-9]+/)[\w-]{8,}`,
  },
  {
    keywords: ['webhook.office.com'],
    sign: String.raw`webhook\.office\.com/`,
    pattern: String.raw`(webhook\.office\.com/\w+/)[^\s"'\\]{8,}`,
  },
  {
    keywords: ['code='],
    sign: '[?&]code=',
    pattern: String.raw`([?&]code=)[^\s"'&#0-9]*[0-9][^\s"'&#]{14,}`,
  },
  {
    keywords: ['jdbc:oracle:', 'sqlplus '],
    sign: String.raw`jdbc:oracle:|sqlplus\s`,
    pattern: String.raw`(?i)(\bjdbc:oracle:\w+:[^/\s"'@]+/|\bsqlplus\s+(?:-\S+\s+)*["']?[\w$#]+/)[^\s"'@]+(@)`,
  },
];

const COMMANDS: readonly OwnSecretRule[] = [
  {
    keywords: ['aws_secret_access_key', 'aws_session_token'],
    sign: String.raw`aws_se\w+\s`,
    pattern: String.raw`(?i)(\baws_(?:secret_access_key|session_token)[ \t]+["']?)[^\s"'=:|;&<>$][^\s"']{7,}`,
  },
  {
    keywords: ['machine ', 'default login'],
    sign: String.raw`\slogin\s+\S+\s+password\s`,
    pattern: String.raw`(\b(?:machine\s+\S+|default)\s+login\s+\S+\s+password\s+)[^\s"'\\]+`,
  },
  {
    keywords: ['zip '],
    sign: String.raw`zip\s[^\n|;&]*?-\w*P`,
    pattern: String.raw`(\b(?:un)?zip\s(?:${OPTIONS})?-[A-Za-z]*P\s*["']?)${VALUE}`,
  },
  {
    keywords: ['7z', 'rar '],
    sign: String.raw`\b(?:7z[ar]?|(?:un)?rar)\s`,
    pattern: String.raw`(\b(?:7z[ar]?|(?:un)?rar)\s${OPTIONS}-h?p["']?)${VALUE}`,
  },
  {
    keywords: ['ldap'],
    sign: String.raw`\bldap\w+\s`,
    pattern: String.raw`(\bldap\w+\s(?:${OPTIONS})?-w\s*["']?)${VALUE}`,
  },
  {
    keywords: ['htpasswd'],
    sign: String.raw`htpasswd\s`,
    pattern: String.raw`(\bhtpasswd[ \t]+(?:-[A-Za-z0-9]+[ \t]+)*?(?:-[A-Za-z]*(?:nb|bn)[A-Za-z]*[ \t]+(?:-\S+[ \t]+)*[^\s-]\S*[ \t]+|-[A-Zac-mo-z]*b[A-Zac-mo-z]*[ \t]+(?:-\S+[ \t]+)*[^\s-]\S*[ \t]+[^\s-]\S*[ \t]+)["']?)${VALUE}`,
  },
  {
    keywords: ['pass:'],
    sign: String.raw`-pass(?:in|out)?\s+["']?pass:`,
    pattern: String.raw`(\s-pass(?:in|out)?\s+["']?pass:)${VALUE}`,
  },
  {
    keywords: ['ssh-keygen'],
    sign: String.raw`ssh-keygen\s`,
    pattern: String.raw`(\bssh-keygen\s(?:${OPTIONS})?-[NP]\s*["']?)${VALUE}`,
  },
  {
    keywords: ['secret generic'],
    sign: String.raw`secret\sgeneric\s`,
    pattern: String.raw`(--from-literal[=\s]["']?[\w.-]+=["']?)${VALUE}`,
  },
  {
    keywords: ['secrets set'],
    sign: String.raw`secrets\sset\s`,
    pattern: String.raw`((?:^|\s)[A-Z][A-Z0-9_]*=")(?:\\.|[^"\\\n])+`,
  },
  {
    keywords: ['secrets set'],
    sign: String.raw`secrets\sset\s`,
    pattern: String.raw`((?:^|\s)["']?[A-Z][A-Z0-9_]*=["']?)${VALUE}`,
  },
  {
    keywords: ['echo ', 'printf '],
    sign: String.raw`--password-stdin|--with-token|sudo\s[^\n|;&]*?-\w*S|secrets?\s(?:set|put)\s`,
    pattern: String.raw`(\b(?:echo|printf)\s+(?:-n\s+)?(?:\\?["']?%s(?:\\{1,2}n)?\\?["']?\s+)?\\?["']?)[^\s"'|;&<>$%\\-][^\s"'|;&\\]*(\\?["']?\s*\|\s*(?:[^\n|;&]*?(?:--password-stdin|--with-token)|sudo\s+(?:-\w+\s+)*-\w*S|\w+\s+secrets?\s+(?:set|put)\s))`,
  },
  {
    keywords: [':_auth', ':_password'],
    sign: ':_(?:auth|password)',
    pattern: String.raw`(:_(?:auth(?:Token)?|password)["']?(?:\s*=\s*|\s+)["']?)[^\s"'=|;&<>$][^\s"']{3,}`,
  },
];

const FORMATS: readonly OwnSecretRule[] = [
  {
    keywords: ['password'],
    sign: String.raw`\spassword\s+\\?'`,
    pattern: String.raw`(?i)(\b(?:with|user|role|login|encrypted)\s(?:[\w\s"@.%*-]{0,80}\s)?password\s+\\?')[^'\n]{3,}`,
  },
  {
    keywords: ['identified '],
    sign: String.raw`\bidentified\s`,
    pattern: String.raw`(?i)(\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?\\?["'])[^"'\n\\]{3,}`,
  },
  {
    keywords: ['password>', 'passwd>', 'passphrase>', 'secret>', 'apikey>', 'token>'],
    sign: String.raw`<[\w:.-]*(?:passw(?:or)?d|passphrase|secret|apikey|token)>[^\s<>]+</`,
    pattern: String.raw`(?i)(<[\w:.-]*(?:passw(?:or)?d|passphrase|secret|apikey|token)>)[^\s<>$]{3,}(</)`,
  },
  {
    keywords: ['mnemonic', 'seed_phrase', 'seed phrase', 'seedphrase'],
    sign: 'mnemonic|seed[_ ]?phrase',
    pattern: String.raw`(?i)((?:mnemonic|seed[_ ]?phrase)[\w"'\\]*\s*[=:]\s*["'\\]*)(?:[a-z]{3,8}\s+){5,}[a-z]{3,8}`,
  },
  {
    keywords: ['private-lines:'],
    sign: 'private-lines:',
    pattern: String.raw`(Private-Lines:\s*[0-9]+(?:\s|\\[rn])+)[A-Za-z0-9+/=]{8,}(?:(?:\s|\\[rn])+[A-Za-z0-9+/=]{8,})*`,
  },
  {
    keywords: [':5432:'],
    sign: ':5432:[^:]+:[^:]+:',
    pattern: String.raw`(:5432:[^\s:]+:[^\s:]+:)[^\s"'\\]{3,}`,
  },
];

export const OWN_SECRET_RULES: readonly OwnSecretRule[] = [...KEYS, ...ADDRESSES, ...COMMANDS, ...FORMATS];
