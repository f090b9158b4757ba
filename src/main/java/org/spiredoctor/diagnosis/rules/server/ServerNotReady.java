package org.spiredoctor.diagnosis.rules.server;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.CrashReason;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.diagnosis.NotReadyReason;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.LoopbackHealthChecks;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A server's pod is there, but not ready. */
@AutoService(Rule.class)
public final class ServerNotReady implements Rule {
  private static final Pattern SOCKET =
      Pattern.compile("listen unix ([^ :]{1,200}): bind: permission denied");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return ServerPod.unready(cluster, server -> Optional.of(finding(cluster, server)));
  }

  private Outcome finding(ClusterCase cluster, ServerPod which) {
    Component server = which.component();
    Pod pod = which.pod();
    long ready = server.pods().stream().filter(Pod::ready).count();
    NotReadyReason reason = NotReadyReason.of(pod);
    Finding.Builder finding =
        // The others still answer.
        which.begin(this, ready > 0 ? Severity.WARNING : Severity.ERROR);
    if (server.pods().size() > 1) {
      finding.seen("Kubernetes", ready + " of " + server.pods().size() + " servers are ready");
    }
    reason.quote(cluster.evidence(), finding);
    Optional<PendingClaim> claim = PendingClaim.of(cluster.evidence(), pod);
    if (claim.isPresent()) {
      claim.get().quote(finding);
      claim.get().remedies(finding);
      return finding.found("The SPIRE server " + pod.inWords() + " " + claim.get().inWords());
    }
    Optional<LoopbackHealthChecks> health =
        LoopbackHealthChecks.of(cluster.evidence(), server, pod);
    if (health.isPresent()) {
      health.get().tell(cluster.evidence(), finding);
      return finding.found("The SPIRE server " + pod.inWords() + " " + health.get().inWords());
    }
    Optional<ChangedTrustDomain> changed = ChangedTrustDomain.of(cluster, server, pod);
    if (changed.isPresent()) {
      changed.get().quote(finding);
      changed.get().remedies(cluster).forEach(finding::remedy);
      return finding.found("The SPIRE server " + pod.inWords() + " " + changed.get().inWords());
    }
    closedSocket(which).ifPresent(it -> it.quote(finding).remedy(it.remedy()));
    missingRight(cluster, server, reason).ifPresent(right -> right.quote(finding));
    return finding
        .remedy(reason.remedy(cluster.evidence()))
        .found(inWords(cluster, server, reason));
  }

  /** Another container of its pod keeps it out of its service too. */
  private static String inWords(ClusterCase cluster, Component server, NotReadyReason reason) {
    String how = reason.inWords(cluster.evidence());
    String which = "The SPIRE server " + reason.pod().inWords() + " ";
    return reason
        .container()
        .filter(
            _ -> server.role().container(reason.pod()).filter(NotReadyReason::runsWell).isPresent())
        .map(
            other ->
                which
                    + "runs, but its pod is not ready: "
                    + other.role().inWords()
                    + " "
                    + other.name()
                    + " "
                    + how)
        .orElse(which + how);
  }

  /** Of a controller-manager that ends because it cannot list what it needs. */
  private static Optional<MissingRight> missingRight(
      ClusterCase cluster, Component server, NotReadyReason reason) {
    return cluster.home(server).controllers().stream()
        .filter(c -> c.server().equals(server))
        .filter(
            c -> reason.container().map(Container::name).filter(c.container()::equals).isPresent())
        .flatMap(c -> MissingRight.of(cluster.evidence(), c).stream())
        .findFirst();
  }

  /** The directory of the server's own socket, where its user is not allowed to write. */
  private static Optional<NotWritable> closedSocket(ServerPod server) {
    return CrashReason.in(server.log().afterStart())
        .map(line -> SOCKET.matcher(line.error()))
        .filter(Matcher::find)
        .map(
            socket ->
                NotWritable.of(
                    server.cluster().evidence(),
                    server.component(),
                    server.pod(),
                    socket.group(1)));
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.SERVER_NOT_READY, Effect.AGENT_REFUSED);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Set.of(Effect.SERVER_DOWN, Effect.CONTROLLER_FAILS);
  }
}
