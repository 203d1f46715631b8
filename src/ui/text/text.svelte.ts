/**
 * The page in other languages, in the manner of gettext: the English sentence, where it is drawn, is the key. Each
 * language is a table in a chunk of its own, fetched when it is wanted; what a table lacks is said in English.
 */

/** English sentences in another language; `{name}` stands for a value in both. */
export type Table = Readonly<Record<string, string>>;

/** The languages there are, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type LanguageCode = keyof typeof LANGUAGES;

const TABLES: Record<LanguageCode, () => Table | Promise<Table>> = {
  en: () => ({}),
  de: async () => (await import('./de.ts')).de,
};

const KEY = 'weaklens-language';

/** The language that is spoken. */
class Language {
  code = $state<LanguageCode>('en');
  table = $state.raw<Table>({});
  #wanted: LanguageCode = 'en';

  /** The language to begin with; without a connection it may be out of reach, which English never is. */
  async begin(): Promise<void> {
    const code = languageFor(location, kept(), navigator.languages);
    await this.speak(code).catch(() => {});
  }

  /** From now on; the latest wish counts where tables come late. */
  async speak(code: LanguageCode): Promise<void> {
    this.#wanted = code;
    const table = await TABLES[code]();
    if (this.#wanted !== code) return;
    this.table = table;
    this.code = code;
    document.documentElement.lang = code;
  }

  /** As someone chose it: kept for the next visit, and above what the address said so far. */
  async choose(code: LanguageCode): Promise<void> {
    await this.speak(code);
    try {
      localStorage.setItem(KEY, code);
    } catch {
      // Without storage it lasts as long as the page.
    }
    const url = new URL(location.href);
    url.searchParams.delete('lang');
    history.replaceState(history.state, '', url);
  }
}

export const language = new Language();

/** What the address wishes, else what was chosen before, else the first of the browser's that is there, else English. */
export function languageFor(
  { search, hash }: { search: string; hash: string },
  chosen: string | null,
  browser: readonly string[],
): LanguageCode {
  const said = [search, hash.replace('#', '')].map((part) => new URLSearchParams(part).get('lang'));
  return [...said, chosen, ...browser.map((tag) => tag.split('-')[0])].find(isLanguage) ?? 'en';
}

function isLanguage(code: string | null): code is LanguageCode {
  return code !== null && Object.hasOwn(LANGUAGES, code);
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/**
 * A sentence in the language that is spoken, with values in the place of their names in braces. What follows `~` is not
 * shown: it tells two senses of an English word apart.
 */
export function t(english: string, values?: Readonly<Record<string, string | number>>): string {
  const { table } = language;
  const said = Object.hasOwn(table, english) ? table[english] : english.split('~')[0];
  return values ? said.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name])) : said;
}
