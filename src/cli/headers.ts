/**
 * The HTTP headers that Weaklens is served with, in one place: the local server sends them, the build writes them to
 * `dist/_headers` for static hosts that read that file, and puts the policy into a `<meta>` for hosts that do not.
 */

/**
 * Nothing leaves the machine (design law 8): no origin but the page's own may be asked for anything.
 * `wasm-unsafe-eval` lets the wasm backend compile. Workers start from a `blob:` that imports the real script, so that
 * they inherit this policy even on a host that cannot set headers.
 */
const policy: Record<string, string> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self' blob:",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'media-src': "'self' blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'object-src': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'svelte-trusted-html weaklens-worker default',
};

/** The policy as a header value; a `<meta>` ignores `frame-ancestors` with a warning, so it is left out there. */
export function contentSecurityPolicy(place: 'header' | 'meta'): string {
  return Object.entries(policy)
    .filter(([directive]) => place === 'header' || directive !== 'frame-ancestors')
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; ');
}

/** COOP and COEP together isolate the page, which is what gives wasm its threads; the page works without them. */
export const headers: Record<string, string> = {
  'Content-Security-Policy': contentSecurityPolicy('header'),
  'Connection-Allowlist': '(response-origin)',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy':
    'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=(), display-capture=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

/** The `_headers` file of Netlify, Cloudflare Pages and others. */
export function headersFile(): string {
  return ['/*', ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`), ''].join('\n');
}
