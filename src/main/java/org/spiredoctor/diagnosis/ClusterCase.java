package org.spiredoctor.diagnosis;

import java.nio.file.Path;
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
import org.jspecify.annotations.Nullable;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.ClusterSpiffeId;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.ControllerManager;
import org.spiredoctor.evidence.cluster.CsiDrivers;
import org.spiredoctor.evidence.cluster.Installation;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Workloads;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.EntryMatcher;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Pod;

/** A cluster's evidence and what follows from it, worked out once for all rules. */
public final class ClusterCase {
  private final ClusterEvidence evidence;
  private final List<Pod> pods;
  private final Set<String> socketDirectories;
  private final List<InstallationCase> installations;
  private final PodInstallations podInstallations;
  private final CsiDrivers csiDrivers;
  private final IdentityHashMap<Pod, Optional<InstallationCase>> homes = new IdentityHashMap<>();
  private final Made made = new Made();
  private final Map<Place, List<Path>> agentSockets = new HashMap<>();
  private final List<Pod> examined;
  private @Nullable Map<String, List<Pod>> selected;
  private final Set<String> unjudged = new LinkedHashSet<>();
  private final Observed<List<PodEntryMatch>> entryMatches;
  private final Observed<List<PodEntryMatch>> actual;
  private final Map<String, PodEntryMatch> byPod;
  private final Map<String, PodEntryMatch> actualByPod;
  private @Nullable Map<Alike, List<PodEntryMatch>> groups;
  private @Nullable Map<String, Component> componentByPod;
  private @Nullable ClusterCase ofAllPods;
  private @Nullable Boolean allReady;

  private record Place(Optional<InstallationCase> home, String node) {}

  /** Works it out. */
  public ClusterCase(ClusterEvidence evidence) {
    this.evidence = evidence;
    this.socketDirectories = Workloads.socketDirectories(evidence);
    this.installations =
        evidence.installations().stream()
            .map(one -> new InstallationCase(evidence, one, () -> podsOf(one)))
            .toList();
    this.podInstallations = new PodInstallations(evidence);
    this.csiDrivers = new CsiDrivers(evidence);
    this.pods = asked();
    this.examined =
        pods.stream()
            .filter(pod -> !pod.meta().deleting() && !pod.phase().equals("Succeeded"))
            .filter(pod -> !evidence.isSpire(pod))
            .toList();
    Optional<String> spiffeId = evidence.query().spiffeId();
    this.entryMatches =
        judged(entry -> spiffeId.filter(id -> !id.equals(entry.spiffeId())).isEmpty());
    this.actual = spiffeId.isEmpty() ? entryMatches : judged(_ -> true);
    this.byPod = byPod(entryMatches);
    this.actualByPod = spiffeId.isEmpty() ? byPod : byPod(actual);
  }

  private static Map<String, PodEntryMatch> byPod(Observed<List<PodEntryMatch>> entryMatches) {
    Map<String, PodEntryMatch> byPod = new HashMap<>();
    entryMatches.seen().orElse(List.of()).forEach(one -> byPod.put(one.pod().inWords(), one));
    return byPod;
  }

  /** Who asks for all pods of one SPIRE does not ask for those of another. */
  private List<Pod> asked() {
    List<Pod> asked = Workloads.asked(evidence);
    return evidence.query().pods() instanceof ClusterQuery.Pods.WithSocket
        ? asked.stream()
            .filter(pod -> home(pod).isPresent() || !podInstallations.isElsewhere(pod))
            .toList()
        : asked;
  }

  /** The same of all pods that use the socket; absent where these are examined anyway. */
  public Optional<ClusterCase> ofAllPods() {
    ClusterQuery query = evidence.query();
    ClusterQuery.Pods all = new ClusterQuery.Pods.WithSocket(Optional.empty());
    if (query.pods().equals(all) && query.spiffeId().isEmpty()) {
      return Optional.empty();
    }
    ClusterCase known = ofAllPods;
    if (known == null) {
      known =
          new ClusterCase(ClusterEvidence.of(evidence.snapshot(), query.of(all).expectingAny()));
      ofAllPods = known;
    }
    return Optional.of(known);
  }

  /** Whether all pods that are examined are ready, or have done their work. */
  public boolean allReady() {
    Boolean known = allReady;
    if (known == null) {
      known = examined().stream().allMatch(pod -> pod.ready() || pod.over());
      allReady = known;
    }
    return known;
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
            podInstallations
                .of(pod)
                .flatMap(
                    one ->
                        installations.stream().filter(c -> c.installation() == one).findFirst()));
  }

  /** The pods that an object selects, of all SPIREs: labels alone decide. */
  public List<Pod> selectedBy(ClusterSpiffeId id) {
    Map<String, List<Pod>> known = selected;
    if (known == null) {
      known = new HashMap<>();
      for (Pod pod : evidence.pods().seen().orElse(List.of())) {
        if (!pod.over()) {
          for (ClusterSpiffeId one : ClusterSpiffeId.selecting(evidence, pod)) {
            known.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(pod);
          }
        }
      }
      selected = known;
    }
    return known.getOrDefault(id.name(), List.of());
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
    return home(pod).isEmpty() && podInstallations.of(pod).isPresent();
  }

  /** What would have to be known to judge a pod whose SPIRE is not examined, or not known. */
  public String missing(Pod pod) {
    return podInstallations.missing(pod);
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
    return Scope.installation(one.inWords());
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
            .map(pod -> home(pod).map(InstallationCase::inWords))
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
    return severalInstallations() ? finding.seen("SPIRE", one.inWords()) : finding;
  }

  /** The pods that are examined. */
  public List<Pod> pods() {
    return pods;
  }

  /** Those of them that may still want an identity, and are no part of SPIRE. */
  public List<Pod> examined() {
    return examined;
  }

  /** The agents' sockets on a pod's node, see {@link AgentSockets#on}. */
  List<Path> agentSockets(Pod pod) {
    return agentSockets.computeIfAbsent(
        new Place(home(pod), pod.node()), _ -> AgentSockets.find(this, pod));
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
  public Observed<List<PodEntryMatch>> entryMatches() {
    return entryMatches;
  }

  /** How one of the examined pods stands. */
  public Optional<PodEntryMatch> entryMatch(Pod pod) {
    return Optional.ofNullable(byPod.get(pod.inWords()));
  }

  /** The same with all entries, also where the user asks for one SPIFFE ID. */
  public Observed<List<PodEntryMatch>> actual() {
    return actual;
  }

  /** The same of one of the examined pods. */
  public Optional<PodEntryMatch> actual(Pod pod) {
    return Optional.ofNullable(actualByPod.get(pod.inWords()));
  }

  /** The entry that serves a pod, where the user asks for another SPIFFE ID. */
  public Optional<Entry> servedInstead(Pod pod) {
    return evidence
        .query()
        .spiffeId()
        .flatMap(
            spiffeId ->
                actual(pod)
                    .map(PodEntryMatch::entryMatch)
                    .filter(EntryMatch::served)
                    .map(EntryMatch::entry)
                    .filter(entry -> !entry.spiffeId().equals(spiffeId)));
  }

  /** What would have to be seen to judge the other pods, where only some could be. */
  public Set<String> unjudged() {
    return unjudged;
  }

  /** One of each group of pods that stand alike. */
  public List<PodEntryMatch> entryMatch(EntryMatch.Kind kind) {
    return groups().entrySet().stream()
        .filter(group -> group.getKey().kind() == kind)
        .map(group -> group.getValue().getFirst())
        .toList();
  }

  /** All examined pods that stand as this one, and were made by the same. */
  public List<Pod> alike(PodEntryMatch one) {
    return groups().getOrDefault(alikeness(one), List.of()).stream()
        .map(PodEntryMatch::pod)
        .toList();
  }

  private Map<Alike, List<PodEntryMatch>> groups() {
    Map<Alike, List<PodEntryMatch>> known = groups;
    if (known == null) {
      known =
          entryMatches.seen().orElse(List.of()).stream()
              .collect(
                  Collectors.groupingBy(this::alikeness, LinkedHashMap::new, Collectors.toList()));
      groups = known;
    }
    return known;
  }

  /** What pods have in common that stand alike: also the entry that is to be repaired, and how. */
  private record Alike(
      InstallationCase home, int made, EntryMatch.Kind kind, Object entry, Set<Selector> away) {}

  private Alike alikeness(PodEntryMatch one) {
    EntryMatch entryMatch = one.entryMatch();
    return new Alike(
        one.home(),
        made(one.pod()),
        entryMatch.kind(),
        entryMatch.entries().stream().findFirst().map(ClusterCase::template).orElse(""),
        entryMatch.differences().stream()
            .map(Difference::wanted)
            .filter(selector -> !selector.namesPod())
            .collect(Collectors.toSet()));
  }

  /** What an entry is made from: a controller makes one for each pod, which are told as one. */
  private static Object template(Entry entry) {
    return ControllerManager.ofPod(entry)
        ? List.of(
            entry.spiffeId(),
            entry.selectors().stream()
                .filter(selector -> !selector.namesPod())
                .collect(Collectors.toSet()))
        : entry.id();
  }

  /** The same number for pods of one owner and of one template of it. */
  int made(Pod pod) {
    return made.of(pod);
  }

  /** All agents' pods. */
  public Stream<Pod> agentPods() {
    return evidence.agents().stream().flatMap(agents -> agents.pods().stream());
  }

  /** The component that a pod of SPIRE belongs to. */
  public Optional<Component> componentOf(Pod pod) {
    Map<String, Component> known = componentByPod;
    if (known == null) {
      known = new HashMap<>();
      for (List<Component> all : List.of(evidence.agents(), evidence.servers())) {
        for (Component one : all) {
          for (Pod its : one.pods()) {
            known.putIfAbsent(its.inWords(), one);
          }
        }
      }
      componentByPod = known;
    }
    return Optional.ofNullable(known.get(pod.inWords()));
  }

  private Observed<List<PodEntryMatch>> judged(Predicate<Entry> wanted) {
    if (evidence.pods() instanceof Observed.Unseen<List<Pod>> unseen) {
      return unseen.as();
    }
    if (evidence.entries() instanceof Observed.Unseen<List<Entry>> unseen) {
      return new Observed.Unseen<>(unseen.reason(), unseen.asked(), unseen.why());
    }
    List<PodEntryMatch> all = new ArrayList<>();
    for (InstallationCase one : installations) {
      Predicate<Pod> its = pod -> home(pod).filter(one::equals).isPresent();
      EntryMatcher judge = one.judge().seen().orElse(null);
      if (judge == null) {
        if (pods.stream().anyMatch(its)) {
          one.judge().missing().ifPresent(unjudged::add);
        }
        continue;
      }
      List<Pod> there = evidence.pods().seen().orElse(List.of()).stream().filter(its).toList();
      PodEntryMatches entryMatches =
          new PodEntryMatches(one, judge, there, socketDirectories, wanted);
      pods.stream().filter(its).map(entryMatches::of).forEach(all::add);
    }
    pods.stream()
        .filter(pod -> home(pod).isEmpty())
        .map(podInstallations::missing)
        .forEach(unjudged::add);
    return new Observed.Seen<>(List.copyOf(all));
  }
}
