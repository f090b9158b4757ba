package org.spiredoctor.spire;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a JWT-SVID says, without the token.
 *
 * @param id the SPIFFE ID as the agent gave it
 * @param audience the {@code aud} claim
 * @param expiry the {@code exp} claim; absent when the token does not parse
 * @param rejected why it is no JWT-SVID that its trust domain's keys, its audience and its expiry
 *     would let pass
 */
public record JwtSvidFacts(
    String id, List<String> audience, Optional<Instant> expiry, Optional<String> rejected) {}
