package org.spiredoctor.cli.options;

import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.evidence.Gathering;
import org.spiredoctor.evidence.PodQuery;
import picocli.CommandLine.Option;

/** What is asked of an identity, and how long an answer may take. */
public final class Expectations {
  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "35s",
      description = "How long one call may take (default: 35s, as attestation may take 30s)")
  private Duration timeout = Gathering.ANSWER_LIMIT;

  @Option(names = "--spiffe-id", paramLabel = "SPIFFE-ID", description = "Expect this identity")
  private @Nullable SpiffeId spiffeId;

  @Option(
      names = "--audience",
      paramLabel = "AUDIENCE",
      description = "Also fetch a JWT-SVID for this audience")
  private @Nullable String audience;

  @Option(
      names = "--federates-with",
      paramLabel = "NAME",
      split = ",",
      description = "Expect the bundles of these trust domains too")
  private List<TrustDomain> federatesWith = new ArrayList<>();

  /** Of one call. */
  public Duration timeout() {
    return timeout;
  }

  /** All that is asked of a Workload API. */
  public PodQuery query(EndpointOptions endpoint, Map<String, String> environment)
      throws UsageException {
    Optional<TrustDomain> domain = endpoint.trustDomain(environment);
    if (spiffeId != null && domain.isPresent() && !spiffeId.memberOf(domain.get())) {
      throw new UsageException(
          "--spiffe-id " + spiffeId + " contradicts the trust domain " + domain.get().getName());
    }
    if (timeout.isZero()) {
      throw new UsageException("--timeout must be more than nothing");
    }
    return new PodQuery(
        endpoint.address(environment),
        Optional.ofNullable(spiffeId),
        domain,
        Optional.ofNullable(audience),
        List.copyOf(federatesWith));
  }
}
