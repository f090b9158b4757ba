package org.spiredoctor.diagnosis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.diagnosis.Finding.Severity;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.LogOf;
import org.spiredoctor.kube.Pod;

/** What the agents' logs complain of: agents that complain alike are told of once. */
public final class AgentLogs {
  /** Workloads ask again within minutes: what is older may have been mended since. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  /**
   * A complaint.
   *
   * @param agents who complain
   * @param pods those of them that do
   * @param line what the first of them said last
   * @param fresh whether it was said lately
   */
  public record Complaint(Component agents, List<Pod> pods, Log.Line line, boolean fresh) {

    /** Whether it was said longer ago than this; false when its time is not known. */
    public boolean before(Duration age, Instant now) {
      return line.at().filter(t -> t.isBefore(now.minus(age))).isPresent();
    }

    /**
     * Anew, so that what the kubelet or the agent remembers is forgotten. Where several complain
     * there may be more, whose logs were not read.
     */
    public String restart() {
      return pods.size() == 1
          ? Kubectl.delete(pods)
          : Kubectl.anew(agents).orElseGet(() -> Kubectl.delete(pods));
    }
  }

  /** Whom a complaint concerns, and so whose success shows later that it is over. */
  public enum Concerning {
    /** Every caller of the agent. */
    ALL,
    /** The one process or pod that it names. */
    ONE
  }

  private AgentLogs() {}

  /** What may concern anybody is grave only while some pod is not ready. */
  public static Severity gravity(ClusterCase cluster) {
    return cluster.allReady() ? Severity.WARNING : Severity.ERROR;
  }

  /** One finding for each installation whose agents complain so, and have not since done well. */
  public static List<Outcome> examine(
      Rule rule,
      ClusterCase cluster,
      Severity severity,
      Concerning whom,
      Predicate<Log.Line> complains,
      BiFunction<Complaint, Finding.Builder, Outcome> finish) {
    return Outcome.ifSeen(
        cluster.evidence().pods(),
        _ -> {
          List<Outcome> found =
              cluster.evidence().agents().stream()
                  .flatMap(agents -> complaint(cluster, agents, whom, complains).stream())
                  .map(one -> finish.apply(one, begin(rule, cluster, severity, one)))
                  .toList();
          return found.isEmpty() ? Outcome.unknown(unseen(cluster)) : found;
        });
  }

  private static Optional<Complaint> complaint(
      ClusterCase cluster, Component agents, Concerning whom, Predicate<Log.Line> complains) {
    Instant now = cluster.evidence().at();
    List<Pod> pods = new ArrayList<>();
    Log.Line first = null;
    for (Pod pod : cluster.evidence().nearFirst(agents)) {
      Log log = cluster.evidence().log(pod, agents.container()).afterStart();
      Log.Line line =
          whom == Concerning.ALL ? ofAll(log, complains) : ofOne(log, complains, cluster);
      if (line != null) {
        pods.add(pod);
        first = first == null ? line : first;
      }
    }
    if (first == null) {
      return Optional.empty();
    }
    return Optional.of(new Complaint(agents, List.copyOf(pods), first, first.within(FRESH, now)));
  }

  /** The last complaint, unless something shows after it that all is well. */
  private static Log.@Nullable Line ofAll(Log log, Predicate<Log.Line> complains) {
    Set<String> served = new HashSet<>();
    for (Log.Line line : log.lines().reversed()) {
      if (complains.test(line)) {
        return line.process().filter(served::contains).isPresent() ? null : line;
      }
      if (attested(line)) {
        return null;
      }
      // Who was attested before gets a new SVID from time to time: that shows nothing of others.
      if (fetched(line)) {
        line.process().ifPresent(served::add);
      }
    }
    return null;
  }

  /** The last complaint about a process or pod that had no success since. */
  private static Log.@Nullable Line ofOne(
      Log log, Predicate<Log.Line> complains, ClusterCase cluster) {
    Set<String> served = new HashSet<>();
    Log.Line unnamed = null;
    boolean named = false;
    boolean others = false;
    for (Log.Line line : log.lines().reversed()) {
      if (complains.test(line)) {
        List<String> names =
            Stream.of(line.process(), line.pod()).flatMap(Optional::stream).toList();
        // Who still fails would have asked again, and not be ready.
        boolean over =
            others
                && !line.within(FRESH, cluster.evidence().at())
                && gravity(cluster) == Severity.WARNING;
        if (names.isEmpty()) {
          unnamed = unnamed == null && !over ? line : unnamed;
        } else if (!over && names.stream().noneMatch(served::contains)) {
          return line;
        }
        named |= !names.isEmpty();
      } else if (attested(line) || fetched(line)) {
        others = true;
        Stream.of(line.process(), line.pod()).flatMap(Optional::stream).forEach(served::add);
      }
    }
    // Which one that is, another line tells.
    return named ? null : unnamed;
  }

  private static boolean attested(Log.Line line) {
    return line.tells(AgentMessages.ATTESTED)
        && line.selectors().stream().anyMatch(selector -> selector.startsWith("k8s:"));
  }

  private static boolean fetched(Log.Line line) {
    return line.tells(AgentMessages.SERVED_X509) || line.tells(AgentMessages.SERVED_JWT);
  }

  private static Finding.Builder begin(
      Rule rule, ClusterCase cluster, Severity severity, Complaint complaint) {
    boolean one = complaint.pods().size() == 1;
    Pod first = complaint.pods().getFirst();
    InstallationCase home = cluster.home(complaint.agents());
    Scope scope = cluster.scope(home, nodes(cluster, complaint));
    Subject subject = one ? Subject.of(first) : Subject.of(complaint.agents());
    Finding.Builder finding =
        Finding.of(rule, complaint.fresh() ? severity : Severity.WARNING, subject, scope);
    if (!complaint.fresh()) {
      finding.confidence(Finding.Confidence.POSSIBLE);
    }
    if (!one) {
      finding.seen("logs", complaint.pods().size() + " agents say so");
    }
    return cluster.name(home, finding).said(first, complaint.line());
  }

  /** Where several complain, and all whose log was read do, those of the others are as theirs. */
  private static Set<String> nodes(ClusterCase cluster, Complaint complaint) {
    Component agents = complaint.agents();
    Set<Pod> these = new HashSet<>(complaint.pods());
    boolean all =
        these.size() > 1
            && agents.pods().stream()
                .allMatch(pod -> these.contains(pod) || !isRead(cluster, agents, pod));
    return (all ? agents.pods() : complaint.pods())
        .stream().map(Pod::node).filter(node -> !node.isEmpty()).collect(Collectors.toSet());
  }

  private static boolean isRead(ClusterCase cluster, Component agents, Pod pod) {
    return cluster.evidence().snapshot().logs().get(LogOf.of(pod, agents.container(), false))
        instanceof Observed.Seen<String>;
  }

  /** Those that were not seen; that a container has no log yet is another matter. */
  private static Stream<String> unseen(ClusterCase cluster) {
    Snapshot snapshot = cluster.evidence().snapshot();
    return cluster.evidence().agents().stream()
        .flatMap(
            agents ->
                agents.pods().stream()
                    .map(pod -> LogOf.of(pod, agents.container(), false))
                    .flatMap(log -> snapshot.logMissing(log).stream()));
  }
}
