package org.spiredoctor.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of several SPIREs is meant, where something is done at one of them: tests get their
 * identity from the one at which their entries are registered.
 */
public record InstallationChoice(List<InstallationCase> candidates) {

  /**
   * Those of the trust domain that the user names. Of several, and without a name, those that have
   * a server: agents of a server that is elsewhere are no place to register at.
   */
  public static InstallationChoice of(ClusterCase cluster) {
    List<InstallationCase> all = cluster.installations();
    if (all.size() < 2) {
      return new InstallationChoice(all);
    }
    Optional<String> domain = cluster.evidence().query().trustDomain();
    return new InstallationChoice(
        all.stream()
            .filter(
                one ->
                    domain.isPresent()
                        ? domain.equals(one.installation().trustDomain())
                        : hasServer(one))
            .toList());
  }

  /** One whose server does not answer may still be the one that is meant. */
  private static boolean hasServer(InstallationCase one) {
    return !one.installation().servers().isEmpty()
        || one.installation().entries().seen().isPresent();
  }

  /** The only one; nothing where the user must say which is meant. */
  public Optional<InstallationCase> only() {
    return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
  }

  /** What to say where it is not known which is meant. */
  public static String several(ClusterCase cluster) {
    return "there are several SPIREs: --spire-namespace or --trust-domain must say which is meant: "
        + cluster.installations().stream()
            .map(InstallationCase::inWords)
            .collect(Collectors.joining(", "));
  }
}
