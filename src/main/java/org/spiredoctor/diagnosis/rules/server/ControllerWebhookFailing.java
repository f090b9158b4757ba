package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.AgentLogs;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Event;

/** The webhook of a controller-manager fails, so that its objects cannot be created or changed. */
@AutoService(Rule.class)
public final class ControllerWebhookFailing implements Rule {
  private static final Duration FRESH = Duration.ofMinutes(10);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return Controllers.judge(cluster, controller -> judge(cluster, controller));
  }

  private Optional<Outcome> judge(ClusterCase cluster, ControllerManager controller) {
    if (!Controllers.serverRuns(controller)) {
      // Its webhook gets its certificate from the server: what ails that is the finding.
      return Optional.empty();
    }
    Optional<Event> event =
        cluster.evidence().events().stream()
            .filter(e -> tells(e.message()) && isFresh(e, cluster.evidence().at()))
            .reduce((first, last) -> last);
    Optional<Log.Line> line =
        controller.log(cluster.evidence()).lines().stream()
            .filter(ControllerWebhookFailing::tells)
            .filter(l -> l.within(FRESH, cluster.evidence().at()))
            .reduce((first, last) -> last);
    if (event.isEmpty() && line.isEmpty()) {
      return Optional.empty();
    }
    InstallationCase home = cluster.home(controller.server());
    Subject subject = Subject.of(controller.server());
    Finding.Builder finding =
        // What was declared before keeps its entries.
        Finding.of(this, AgentLogs.gravity(cluster), subject, cluster.scope(home));
    cluster.name(home, finding);
    event.ifPresent(e -> finding.seen("event of " + e.kind() + " " + e.name(), e.message()));
    line.ifPresent(l -> finding.seen("log of spire-controller-manager", l.inShort()));
    Controllers.restart(
            controller,
            "Restart the controller-manager, with the server, so that it creates its webhook's"
                + " certificate again")
        .ifPresent(finding::remedy);
    return Optional.of(
        finding
            .remedy(
                new Remedy.Command(
                    "See where the webhook leads: a pod must be ready behind that service",
                    Kubectl.line(
                        "get validatingwebhookconfigurations -o",
                        "custom-columns=NAME:.metadata.name,"
                            + "SERVICE:.webhooks[*].clientConfig.service.name,"
                            + "POLICY:.webhooks[*].failurePolicy")))
            .found(
                "The controller-manager's webhook fails, so that no ClusterSPIFFEID can be created"
                    + " or changed"));
  }

  private static boolean isFresh(Event event, Instant now) {
    return event.last().filter(at -> at.isBefore(now.minus(FRESH))).isEmpty();
  }

  private static boolean tells(String message) {
    return message.contains("failed calling webhook")
        && (message.contains("spire-spiffe-io") || message.contains("spire-controller-manager"));
  }

  private static boolean tells(Log.Line line) {
    boolean itsOwn =
        line.says("webhook") && (line.level().equals("error") || line.says("TLS handshake error"));
    return itsOwn;
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.CONTROLLER_FAILS);
  }
}
