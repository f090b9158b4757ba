package org.spiredoctor.diagnosis.rules.pod;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.Manifests;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** What a pod must say to be allowed at the level restricted of the Pod Security Standards. */
final class SecurityContexts {
  private static final String NON_ROOT = "runAsNonRoot != true";
  private static final String SECCOMP = "seccompProfile";
  private static final String ESCALATION = "allowPrivilegeEscalation != false";
  private static final String CAPABILITIES = "unrestricted capabilities";
  private static final Set<String> KNOWN = Set.of(NON_ROOT, SECCOMP, ESCALATION, CAPABILITIES);

  private SecurityContexts() {}

  /**
   * Whether the violation ends with what {@link #yaml} says; else something has to be taken out.
   */
  static boolean settles(PodSecurity.Violation violation) {
    return KNOWN.contains(violation.name());
  }

  /** The parts of a pod's manifest that end these violations; empty for none. */
  static String yaml(Pod template, List<PodSecurity.Violation> violations) {
    Set<String> names =
        violations.stream().map(PodSecurity.Violation::name).collect(Collectors.toSet());
    String ofPod =
        (names.contains(NON_ROOT) ? "  runAsNonRoot: true\n" : "")
            + (names.contains(SECCOMP) ? "  seccompProfile:\n    type: RuntimeDefault\n" : "");
    String ofEach =
        (names.contains(ESCALATION) ? "      allowPrivilegeEscalation: false\n" : "")
            + (names.contains(CAPABILITIES) ? "      capabilities:\n        drop: [ALL]\n" : "");
    return (ofPod.isEmpty() ? "" : "securityContext:\n" + ofPod)
        + (ofEach.isEmpty()
            ? ""
            : Stream.of(Container.Role.INIT, Container.Role.APP)
                .map(role -> containers(template, role, ofEach))
                .collect(Collectors.joining()));
  }

  private static String containers(Pod template, Container.Role role, String context) {
    List<Container> all = template.containers(role).toList();
    return all.isEmpty()
        ? ""
        : all.stream()
            .map(c -> "  - name: " + Manifests.scalar(c.name()) + "\n    securityContext:\n")
            .map(head -> head + context)
            .collect(Collectors.joining("", role.containers() + ":\n", ""));
  }
}
