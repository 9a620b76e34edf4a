/**
 * Networks of addresses that are no host on the internet, by the IANA special-purpose registries (RFC 6890). Whoever connects where
 * others say (webhooks, CRLs, OCSP) must not be led into its own network.
 */
export const SPECIAL_NETWORKS: Readonly<Record<'ipv4' | 'ipv6', readonly string[]>> = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ],
  // Within 2000::/3: Teredo, documentation, 6to4.
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
}

/** Of IPv6 only this is given out; mapped IPv4, loopback, link-local and unique local addresses lie outside. */
export const GLOBAL_IPV6 = '2000::/3'
