package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Effect;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.InstallationCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** The pod's own log, or its agent's, shows that it gets no identity, whatever else is seen. */
@AutoService(Rule.class)
public final class WorkloadComplains implements Rule {
  /** Libraries ask again within a minute, and then complain again. */
  private static final Duration REPEATED_WITHIN = Duration.ofMinutes(2);

  private static final Duration FRESH = Duration.ofMinutes(10);

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    AgentDenials denials = new AgentDenials(cluster);
    return PodGroup.examineEach(
        cluster,
        pod -> complaint(cluster, denials, pod).isPresent(),
        group -> complaint(cluster, denials, group.first()).map(one -> found(cluster, group, one)));
  }

  /** What was said by whom, how surely it still holds; a container only where it said so itself. */
  private record Complaint(
      String source,
      String text,
      boolean denied,
      boolean keptOut,
      Optional<String> ownFile,
      Optional<Container> by,
      Weight weight) {

    String user() {
      return by.flatMap(Container::user).map(id -> "user " + id).orElse("its user");
    }
  }

  private enum Weight {
    ERROR,
    LIKELY,
    POSSIBLE
  }

  private static Optional<Complaint> complaint(ClusterCase cluster, AgentDenials denials, Pod pod) {
    return ClientComplaint.of(cluster, pod)
        .filter(one -> !ServedSince.isOver(cluster, pod, one.at(), ClientText.isDenied(one.line())))
        .flatMap(
            one ->
                weight(cluster, pod, one)
                    .map(
                        weight ->
                            new Complaint(
                                "log of container " + one.container().name(),
                                one.line().inShort(),
                                ClientText.isDenied(one.line()),
                                one.isKeptOut(),
                                one.ownFile(),
                                Optional.of(one.container()),
                                weight)))
        .or(() -> ofAgent(cluster, denials, pod));
  }

  private static Optional<Complaint> ofAgent(ClusterCase cluster, AgentDenials denials, Pod pod) {
    Duration recent = pod.ready() ? REPEATED_WITHIN : FRESH;
    return denials
        .of(pod)
        .filter(line -> line.at().isPresent() && line.within(recent, cluster.evidence().at()))
        .filter(line -> !ServedSince.isOver(cluster, pod, line.at(), true))
        .map(
            line ->
                new Complaint(
                    "log of the agent on " + pod.node(),
                    line.text(),
                    true,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    pod.ready() ? Weight.LIKELY : Weight.ERROR));
  }

  /** Empty where silence since then shows that it is over. */
  private static Optional<Weight> weight(ClusterCase cluster, Pod pod, ClientComplaint one) {
    Instant now = cluster.evidence().at();
    if (one.ended()) {
      return Optional.of(Weight.ERROR);
    }
    if (one.at().isEmpty()) {
      return Optional.of(!pod.ready() && one.last() ? Weight.ERROR : Weight.POSSIBLE);
    }
    if (one.line().within(REPEATED_WITHIN, now)) {
      return Optional.of(Weight.ERROR);
    }
    if (one.line().within(FRESH, now)) {
      return Optional.of(pod.ready() ? Weight.LIKELY : Weight.ERROR);
    }
    return ClientText.isRetrying(one.line()) ? Optional.empty() : Optional.of(Weight.POSSIBLE);
  }

  private Outcome found(ClusterCase cluster, PodGroup group, Complaint complaint) {
    Pod pod = group.first();
    Finding.Builder finding =
        (complaint.weight() == Weight.ERROR ? group.error(this) : group.warning(this))
            .confidence(
                complaint.weight() == Weight.POSSIBLE ? Confidence.POSSIBLE : Confidence.LIKELY)
            .seen(complaint.source(), complaint.text());
    complaint
        .by()
        .ifPresent(
            container ->
                finding.remedy(
                    new Remedy.Command(
                        "Read what it says since",
                        Kubectl.logs(pod, "-c", container.name(), "--timestamps", "--tail=50"))));
    Optional<InstallationCase> home = cluster.home(pod);
    home.filter(_ -> complaint.denied())
        .ifPresent(
            one ->
                finding.remedy(
                    new Remedy.Command(
                        "Compare the pod with the selectors of the entries",
                        Kubectl.about("get", "pod", pod.meta(), "--show-labels")
                            + " && "
                            + one.commands().command("entry", "show"))));
    finding.remedy(
        new Remedy.Advice(
            complaint.denied()
                ? "Run spire-doctor check in the container: it shows what the agent answers to its"
                    + " processes"
                : complaint.keptOut()
                    ? "Let "
                        + complaint.user()
                        + " pass: every directory above the socket needs mode 0755 on the node, the"
                        + " socket 0777 (the agent sets its own socket so, and leaves directories"
                        + " to its umask); an fsGroup changes nothing in a hostPath. Where the modes"
                        + " are right, it is SELinux: see socket-denied-by-selinux"
                    : complaint.ownFile().isPresent()
                        ? "Check what lies at "
                            + complaint.ownFile().get()
                            + ": the mount of its volume (readOnly), the owner and mode of its"
                            + " directory, and the pod's securityContext.fsGroup, for "
                            + complaint.user()
                        : "Check that the socket exists where the container looks for it; if its directory"
                            + " was replaced while the pod ran, restart the pod"));
    return finding.found(summary(complaint));
  }

  private static String summary(Complaint complaint) {
    String who =
        complaint
            .by()
            .map(container -> container.role().inWords() + " " + container.name() + " reports")
            .orElse("agent reports");
    String since =
        complaint.weight() == Weight.POSSIBLE ? ", and nothing shows that this is over" : "";
    return "The "
        + who
        + (complaint.denied()
            ? " that the pod gets no identity"
            : complaint.keptOut()
                ? " that "
                    + complaint.user()
                    + " is not allowed to reach the agent's socket (permission denied)"
                : complaint
                    .ownFile()
                    .map(
                        file ->
                            " that it cannot use its file "
                                + file
                                + "; this line does not show that the Workload API fails")
                    .orElse(" that it cannot use the Workload API"))
        + since;
  }

  @Override
  public Set<Effect> effects() {
    return Set.of(Effect.IDENTITY_LACKING);
  }

  @Override
  public Set<Effect> explainedBy() {
    return Effect.keepingIdentityAnd(Effect.WORKLOAD_API_FAILS);
  }
}
