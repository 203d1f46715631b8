/** Set by the build from package.json. */
declare const __WEAKLENS_VERSION__: string;
