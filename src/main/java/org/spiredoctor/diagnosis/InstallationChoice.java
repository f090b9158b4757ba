package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which of several SPIREs is meant, where something is done at one of them: tests get their
 * identity from the one at which their entries are registered.
 *
 * @param candidates one, or as many as may be meant
 */
public record InstallationChoice(ClusterCase cluster, List<InstallationCase> candidates) {

  /**
   * Of those that are not known to be of another trust domain than the user names, the ones that
   * are known to be of it; of these the ones with a server, since agents of a server that is
   * elsewhere are no place to register at.
   */
  public static InstallationChoice of(ClusterCase cluster) {
    List<InstallationCase> all = cluster.installations();
    Optional<String> named = cluster.evidence().query().trustDomain();
    List<InstallationCase> possible =
        all.size() < 2 || named.isEmpty()
            ? all
            : all.stream()
                .filter(one -> trustDomain(one).filter(its -> !its.equals(named.get())).isEmpty())
                .toList();
    List<InstallationCase> known =
        preferred(possible, one -> named.isPresent() && named.equals(trustDomain(one)));
    return new InstallationChoice(cluster, preferred(known, InstallationChoice::hasServer));
  }

  private static List<InstallationCase> preferred(
      List<InstallationCase> all, Predicate<InstallationCase> by) {
    List<InstallationCase> some = all.stream().filter(by).toList();
    return some.isEmpty() ? all : some;
  }

  /** Its own; what is expected of one that tells none says nothing of it. */
  private static Optional<String> trustDomain(InstallationCase one) {
    return one.installation().trustDomain();
  }

  /** One whose server does not answer may still be the one that is meant. */
  private static boolean hasServer(InstallationCase one) {
    return !one.installation().servers().isEmpty()
        || one.installation().entries().seen().isPresent();
  }

  /** Whether any of them has a server, at which something can be registered. */
  public boolean haveServer() {
    return candidates.stream().anyMatch(InstallationChoice::hasServer);
  }

  /** The only one; nothing where {@link #question} is to be answered. */
  public Optional<InstallationCase> only() {
    return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
  }

  /** What the user must say where it is not known which is meant. */
  public String question() {
    String which =
        candidates.isEmpty()
            ? "none of the SPIREs is of the trust domain "
                + cluster.evidence().query().trustDomain().orElse("")
                + " that --trust-domain, SPIRE_TRUST_DOMAIN or TRUST_DOMAIN names: there are "
            : "there are several SPIREs: --spire-namespace or --trust-domain must say which is"
                + " meant: ";
    return which
        + (candidates.isEmpty() ? cluster.installations() : candidates)
            .stream().map(InstallationCase::inWords).collect(Collectors.joining(", "));
  }
}
