package org.spiredoctor.diagnosis.rules.pod;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.kube.Event;
import org.spiredoctor.kube.Pod;

/** No node takes the pod. */
@AutoService(Rule.class)
public final class PodNotScheduled implements Rule {
  private static final Pattern COMPLAINT =
      Pattern.compile(
          "Insufficient [\\w./-]{1,253}(?<!\\.)|taint\\(?s?\\)? \\{[^}]{1,500}}"
              + "|persistentvolumeclaim \"[^\"]{1,253}\"");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    return PodGroup.examineEach(
        cluster,
        pod -> pod.node().isEmpty() && !pod.over(),
        group -> Optional.of(judge(cluster, group)));
  }

  private Outcome judge(ClusterCase cluster, PodGroup group) {
    Pod pod = group.first();
    return why(cluster, pod)
        .map(why -> found(group, why))
        .orElseGet(
            () ->
                new Outcome.Unknown(
                    "whether the pod "
                        + pod.inWords()
                        + " gets an identity: it has no node yet; check again in a minute"));
  }

  private Outcome found(PodGroup group, String why) {
    Pod pod = group.first();
    return group
        .error(this)
        .seen("scheduler", why)
        .reason(reason(why, pod))
        .remedy(new Remedy.Advice(advice(why)))
        .remedy(
            new Remedy.Command(
                "See all that the scheduler says", Kubectl.describe("Pod", pod.meta())))
        .found("No node takes the pod, so nothing of it runs yet");
  }

  /** What the scheduler says, as the pod's condition or at least as an event. */
  private static Optional<String> why(ClusterCase cluster, Pod pod) {
    Stream<String> events =
        cluster.evidence().eventsOf("Pod", pod.meta()).reversed().stream()
            .filter(event -> event.reason().equals("FailedScheduling"))
            .map(Event::message);
    return Stream.concat(
            pod.conditions().stream()
                .filter(condition -> condition.denies("PodScheduled"))
                .map(c -> c.message().isEmpty() ? c.reason() : c.message()),
            events)
        .filter(text -> !text.isEmpty())
        .findFirst();
  }

  /** What nodes lack or have, of whichever of them it is said. */
  private static String reason(String why, Pod pod) {
    return COMPLAINT
        .matcher(CommonReason.withoutItsName(why, pod))
        .results()
        .map(MatchResult::group)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", ", advice(why) + ": ", ""));
  }

  private static String advice(String why) {
    if (why.contains("Insufficient")) {
      return "Ask for less in resources.requests, or give the cluster more";
    }
    if (why.contains("taint")) {
      return "Give the pod a toleration for the taint, or remove the taint from a node";
    }
    if (why.contains("affinity") || why.contains("selector")) {
      return "Let the nodeSelector or affinity of the pod match the labels of a node";
    }
    if (why.contains("persistentvolumeclaim") || why.contains("PersistentVolume")) {
      return "Mend the claim of the volume first";
    }
    return why.toLowerCase(java.util.Locale.ROOT).contains("gate")
        ? "Find what set spec.schedulingGates and should remove them"
        : "Remove what keeps the pod from every node";
  }
}
