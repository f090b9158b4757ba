package org.spiredoctor.registration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.SpiffeIds;

/** What a server would refuse, found before anything is changed. */
public final class Fitness {
  private Fitness() {}

  /**
   * All that is wrong.
   *
   * @param trustDomain of the server, as far as it is known
   * @param federated the trust domains whose bundles the server has; absent when that is not known
   * @param asObjects whether the entries are declared as ClusterStaticEntry
   * @param at the time
   */
  public static List<Problem> of(
      List<Declared> declared,
      Optional<String> trustDomain,
      Optional<List<String>> federated,
      boolean asObjects,
      Instant at) {
    List<Problem> problems = new ArrayList<>();
    for (Declared one : declared) {
      Entry entry = one.entry();
      String its = SpiffeIds.trustDomain(entry.spiffeId());
      trustDomain
          .filter(domain -> !domain.equals(its))
          .ifPresent(
              domain ->
                  problems.add(
                      new Problem(
                          one.origin(),
                          "spiffeID",
                          entry.spiffeId() + " is not of the server's trust domain " + domain)));
      federated.ifPresent(
          domains ->
              entry.federatesWith().stream()
                  .filter(domain -> !domains.contains(domain))
                  .forEach(domain -> problems.add(unknown(one, domain))));
      if (entry.expiredAt(at)) {
        problems.add(
            new Problem(
                one.origin(),
                "expiresAt",
                entry.expiresAt().map(Instant::toString).orElse("")
                    + " is over: nobody is served"));
      }
      if (asObjects) {
        beyondObjects(entry)
            .forEach(
                field ->
                    problems.add(
                        new Problem(
                            one.origin(),
                            field,
                            "a ClusterStaticEntry has no such field, and the"
                                + " spire-controller-manager here deletes all other entries")));
      }
    }
    return List.copyOf(problems);
  }

  private static Problem unknown(Declared one, String domain) {
    return new Problem(
        one.origin(),
        "federatesWith",
        "the server has no bundle of "
            + domain
            + " and refuses such an entry: federate first, with 'spire-server federation create'"
            + " or 'spire-server bundle set'");
  }

  private static List<String> beyondObjects(Entry entry) {
    List<String> fields = new ArrayList<>();
    if (entry.expiresAt().isPresent()) {
      fields.add("expiresAt");
    }
    if (entry.settings().jwtSvidIncludeJti()) {
      fields.add("jwtSVIDIncludeJTI");
    }
    if (entry.settings().disableX509SvidPrefetch()) {
      fields.add("disableX509SVIDPrefetch");
    }
    return fields;
  }
}
