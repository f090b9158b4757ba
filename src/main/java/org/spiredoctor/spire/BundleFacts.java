package org.spiredoctor.spire;

import java.util.Optional;

/**
 * What one trust domain's bundle holds.
 *
 * @param trustDomain as the agent names it
 * @param authorities number of X.509 or JWT authorities
 * @param malformed why it could not be parsed
 */
public record BundleFacts(String trustDomain, int authorities, Optional<String> malformed) {}
