package org.spiredoctor.diagnosis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.CsiDrivers;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Wanted;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Standing;
import org.spiredoctor.identity.Standings;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A cluster's evidence and what follows from it, worked out once for all rules. */
public final class ClusterCase {
  private final ClusterEvidence evidence;
  private final List<Pod> pods;
  private final Set<String> socketDirectories;
  private final List<InstallationCase> installations;
  private final Belonging belonging;
  private final CsiDrivers csiDrivers;
  private final IdentityHashMap<Pod, Optional<InstallationCase>> homes = new IdentityHashMap<>();
  private final Map<String, List<Pod>> selected = new HashMap<>();
  private final Set<String> unjudged = new LinkedHashSet<>();
  private final Observed<List<PodStanding>> standings;
  private final Observed<List<PodStanding>> actual;
  private final Map<String, PodStanding> actualByPod = new HashMap<>();

  /** Works it out. */
  public ClusterCase(ClusterEvidence evidence) {
    this.evidence = evidence;
    this.socketDirectories = Workloads.socketDirectories(evidence);
    this.installations =
        evidence.installations().stream()
            .map(one -> new InstallationCase(evidence, one, () -> podsOf(one)))
            .toList();
    this.belonging = new Belonging(evidence);
    this.csiDrivers = new CsiDrivers(evidence);
    this.pods = asked();
    Optional<String> wanted = evidence.wanted().spiffeId();
    this.standings = judged(entry -> wanted.filter(id -> !id.equals(entry.spiffeId())).isEmpty());
    this.actual = wanted.isEmpty() ? standings : judged(_ -> true);
    actual.seen().orElse(List.of()).forEach(one -> actualByPod.put(one.pod().inWords(), one));
  }

  /** Who asks for all pods of one SPIRE does not ask for those of another. */
  private List<Pod> asked() {
    List<Pod> asked = Workloads.asked(evidence);
    return evidence.wanted().pods() instanceof Wanted.Pods.WithSocket
        ? asked.stream()
            .filter(pod -> home(pod).isPresent() || !belonging.isElsewhere(pod))
            .toList()
        : asked;
  }

  /** What was seen. */
  public ClusterEvidence evidence() {
    return evidence;
  }

  /** The SPIREs of the cluster; one at least, be it without server and agents. */
  public List<InstallationCase> installations() {
    return installations;
  }

  /** Whether there are several, so that it is to be said which is meant. */
  public boolean severalInstallations() {
    return installations.size() > 1;
  }

  /** The SPIRE that a pod gets its identity from; absent when there are several, and none shows. */
  public Optional<InstallationCase> home(Pod pod) {
    return homes.computeIfAbsent(
        pod,
        _ ->
            belonging
                .of(pod)
                .flatMap(
                    one ->
                        installations.stream().filter(c -> c.installation() == one).findFirst()));
  }

  /** The pods that an object selects, of all SPIREs: labels alone decide. */
  public List<Pod> selectedBy(ClusterSpiffeId id) {
    return selected.computeIfAbsent(
        id.name(),
        _ ->
            evidence.pods().seen().orElse(List.of()).stream()
                .filter(pod -> !pod.over() && id.selects(pod, evidence).orElse(false))
                .toList());
  }

  /** When the agent was started that serves a pod; absent where it is not known which that is. */
  public Optional<Instant> agentStarted(Pod pod) {
    return home(pod)
        .flatMap(home -> home.agentPodOn(pod.node()))
        .flatMap(Component.Role.AGENT::container)
        .flatMap(Container::status)
        .flatMap(status -> status.state().started());
  }

  /** Whether a pod gets its identity from a SPIRE that is not examined. */
  public boolean isElsewhere(Pod pod) {
    return home(pod).isEmpty() && belonging.of(pod).isPresent();
  }

  /** What would have to be known to judge a pod whose SPIRE is not examined, or not known. */
  public String missing(Pod pod) {
    return belonging.missing(pod);
  }

  /** All pods that get their identity from a SPIRE, examined or not. */
  private List<Pod> podsOf(Installation one) {
    return evidence.pods().seen().orElse(List.of()).stream()
        .filter(pod -> home(pod).filter(home -> home.installation() == one).isPresent())
        .toList();
  }

  /** The SPIRE that this is a part of. */
  public InstallationCase home(Component component) {
    return installations.stream()
        .filter(one -> one.installation().components().anyMatch(component::equals))
        .findFirst()
        .orElseThrow();
  }

  /** The scope of a finding about all of a SPIRE. */
  public Scope scope(InstallationCase one) {
    return Scope.installation(one.installation().inWords());
  }

  /** The scope of a finding about all of the SPIRE that this is a part of. */
  public Scope scope(Component component) {
    return scope(home(component));
  }

  /** The scope of a finding about a SPIRE on some nodes only. */
  public Scope scope(InstallationCase one, Set<String> nodes) {
    return scope(one).onNodes(nodes);
  }

  /** The scope of a finding about pods of one SPIRE, and no others. */
  public Scope scope(List<Pod> some) {
    boolean placed = some.stream().noneMatch(pod -> pod.node().isEmpty());
    return new Scope(
        some.stream()
            .map(pod -> home(pod).map(home -> home.installation().inWords()))
            .map(home -> home.orElse(Scope.UNKNOWN_INSTALLATION))
            .collect(Collectors.toSet()),
        placed ? some.stream().map(Pod::node).collect(Collectors.toSet()) : Set.of(),
        some.stream().map(Pod::inWords).collect(Collectors.toSet()));
  }

  /** The scope of a finding about a SPIRE that is known only where there is no other. */
  public Scope scopeOfOnly() {
    return severalInstallations()
        ? Scope.installation(Scope.UNKNOWN_INSTALLATION)
        : scope(installations.getFirst());
  }

  /** Says in a finding of which SPIRE it is, where there are several. */
  public Finding.Builder name(InstallationCase one, Finding.Builder finding) {
    return severalInstallations() ? finding.seen("SPIRE", one.installation().inWords()) : finding;
  }

  /** The pods that are examined. */
  public List<Pod> pods() {
    return pods;
  }

  /** The directories of the nodes in which agents have their sockets. */
  public Set<String> socketDirectories() {
    return socketDirectories;
  }

  /** The SPIFFE CSI drivers of the nodes. */
  public CsiDrivers csiDrivers() {
    return csiDrivers;
  }

  /** How the examined pods stand; not seen when no entries are. */
  public Observed<List<PodStanding>> standings() {
    return standings;
  }

  /** The same with all entries, also where the user asks for one SPIFFE ID. */
  public Observed<List<PodStanding>> actual() {
    return actual;
  }

  /** The same of one pod. */
  public Optional<PodStanding> actual(Pod pod) {
    return Optional.ofNullable(actualByPod.get(pod.inWords()));
  }

  /** The entry that serves a pod, where the user asks for another SPIFFE ID. */
  public Optional<Entry> servedInstead(Pod pod) {
    return evidence
        .wanted()
        .spiffeId()
        .flatMap(
            wanted ->
                actual(pod)
                    .map(PodStanding::standing)
                    .filter(Standing::served)
                    .map(Standing::entry)
                    .filter(entry -> !entry.spiffeId().equals(wanted)));
  }

  /** What would have to be seen to judge the other pods, where only some could be. */
  public Set<String> unjudged() {
    return unjudged;
  }

  /** One of each group of pods that stand alike, and how many there are. */
  public List<PodStanding> standing(Standing.Kind kind) {
    Map<String, PodStanding> groups = new LinkedHashMap<>();
    standings.seen().orElse(List.of()).stream()
        .filter(one -> one.standing().kind() == kind)
        .forEach(
            one ->
                groups.putIfAbsent(one.home().installation().inWords() + " " + one.maker(), one));
    return List.copyOf(groups.values());
  }

  /** All examined pods that stand as this one, and were made by the same. */
  public List<Pod> alike(PodStanding one) {
    return standings.seen().orElse(List.of()).stream()
        .filter(other -> other.maker().equals(one.maker()))
        .filter(other -> other.home().equals(one.home()))
        .filter(other -> other.standing().kind() == one.standing().kind())
        .map(PodStanding::pod)
        .toList();
  }

  /** All agents' pods. */
  public Stream<Pod> agentPods() {
    return evidence.agents().stream().flatMap(agents -> agents.pods().stream());
  }

  /** The component that a pod of SPIRE belongs to. */
  public Optional<Component> componentOf(Pod pod) {
    return Stream.concat(evidence.agents().stream(), evidence.servers().stream())
        .filter(component -> component.pods().contains(pod))
        .findFirst();
  }

  private Observed<List<PodStanding>> judged(Predicate<Entry> wanted) {
    if (evidence.pods() instanceof Observed.Unseen<List<Pod>> unseen) {
      return unseen.as();
    }
    if (evidence.entries() instanceof Observed.Unseen<List<Entry>> unseen) {
      return new Observed.Unseen<>(unseen.reason(), unseen.asked(), unseen.why());
    }
    List<PodStanding> all = new ArrayList<>();
    for (InstallationCase one : installations) {
      Predicate<Pod> its = pod -> home(pod).filter(one::equals).isPresent();
      Standings judge = one.judge().seen().orElse(null);
      if (judge == null) {
        if (pods.stream().anyMatch(its)) {
          one.judge().missing().ifPresent(unjudged::add);
        }
        continue;
      }
      List<Pod> there = evidence.pods().seen().orElse(List.of()).stream().filter(its).toList();
      PodStandings standings = new PodStandings(one, judge, there, socketDirectories, wanted);
      pods.stream().filter(its).map(standings::of).forEach(all::add);
    }
    pods.stream().filter(pod -> home(pod).isEmpty()).map(belonging::missing).forEach(unjudged::add);
    return new Observed.Seen<>(List.copyOf(all));
  }
}
