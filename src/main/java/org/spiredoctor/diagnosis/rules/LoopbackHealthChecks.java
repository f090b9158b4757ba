package org.spiredoctor.diagnosis.rules;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ConfigEdit;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

/**
 * SPIRE's health checks listen on the loopback interface only, and the kubelet asks at the address
 * of the pod: a healthy program is taken for dead.
 *
 * @param address that is set; absent where it is left to the default
 * @param failure of a probe
 */
public record LoopbackHealthChecks(Component component, Optional<String> address, Event failure) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

  private static final Pattern REFUSED =
      Pattern.compile(
          "probe failed: Get \"https?://(\\[[0-9a-f:]{2,45}\\]|[0-9.]{7,15}):(\\d{1,5})/"
              + ".*connection refused");

  /** Of a pod whose probe was refused at the port of the health checks. */
  public static Optional<LoopbackHealthChecks> of(
      ClusterEvidence evidence, Component component, Pod pod) {
    Optional<String> address = component.config().value("health_checks", "bind_address");
    boolean enabled =
        component
            .config()
            .value("health_checks", "listener_enabled")
            .filter("true"::equals)
            .isPresent();
    if (!enabled
        || address.filter(it -> !LOOPBACK.contains(it)).isPresent()
        // One whose value is not known can be any.
        || (address.isEmpty() && component.config().has("health_checks", "bind_address"))) {
      return Optional.empty();
    }
    String port = component.config().value("health_checks", "bind_port").orElse("80");
    return evidence.eventsOf("Pod", pod.meta()).stream()
        .filter(event -> event.reason().equals("Unhealthy") && isRefused(event.message(), port))
        .reduce((first, last) -> last)
        .map(event -> new LoopbackHealthChecks(component, address, event));
  }

  private static boolean isRefused(String message, String port) {
    Matcher refused = REFUSED.matcher(message);
    return refused.find() && !LOOPBACK.contains(refused.group(1)) && refused.group(2).equals(port);
  }

  /** Quotes the setting, and says how it is corrected. */
  public void tell(ClusterEvidence evidence, Finding.Builder finding) {
    finding
        .seen("event of the pod", failure.reason() + ": " + failure.message())
        .seen(
            "configuration of " + component.inWords(),
            "health_checks bind_address "
                + address.orElse("is not set, so localhost")
                + ": the kubelet asks at the address of the pod");
    Optional<Remedy> edit =
        address.flatMap(
            its ->
                ConfigEdit.of(evidence, component)
                    .flatMap(map -> map.replace("bind_address", its, "0.0.0.0"))
                    .map(
                        command ->
                            new Remedy.Command(
                                "Let the health checks listen at the pod's address too", command)));
    finding.remedy(
        edit.orElseGet(
            () ->
                new Remedy.Patch(
                    "Let the health checks listen at the pod's address too",
                    "health_checks {\n  bind_address = \"0.0.0.0\"\n}\n",
                    Optional.of(Subject.of(component)))));
  }

  /** The end of a sentence about the pod. */
  public String inWords() {
    return "runs, but its health checks listen on the loopback interface only, so that the kubelet"
        + " does not reach them"
        + (failure.message().startsWith("Liveness") ? " and kills it again and again" : "");
  }
}
