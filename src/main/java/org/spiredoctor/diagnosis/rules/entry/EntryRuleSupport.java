package org.spiredoctor.diagnosis.rules.entry;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.EntryCommands;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.PodEntryMatch;
import org.spiredoctor.diagnosis.PodGroup;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Difference;
import org.spiredoctor.identity.Difference.Likeness;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryMatch;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.kube.Pod;

/** What the rules about pods that are not served have in common. */
final class EntryRuleSupport {
  /** The labels by which workloads are usually told apart. */
  private static final List<String> TELLING = List.of("app", "app.kubernetes.io/name", "k8s-app");

  private static final Set<Likeness> KEPT = Set.of(Likeness.HIDDEN, Likeness.NEVER);

  private EntryRuleSupport() {}

  /** One finding for each group of pods that stand so. */
  static List<Outcome> examine(
      Rule rule,
      ClusterCase cluster,
      EntryMatch.Kind kind,
      BiFunction<PodEntryMatch, Finding.Builder, Outcome> finish) {
    return Outcome.ifSeen(
        cluster.entryMatches(),
        _ ->
            cluster.entryMatch(kind).stream()
                .map(
                    one ->
                        ofParent(kind) && one.home().agentsFor(one.pod().node()).isEmpty()
                            ? new Outcome.Unknown(
                                "the agent of node "
                                    + one.pod().node()
                                    + ", to which a parent would have to lead")
                            : finish.apply(one, begin(rule, cluster, one)))
                .toList());
  }

  /** Of a pod with another identity than the one that is asked for, it is said which it has. */
  private static Finding.Builder begin(Rule rule, ClusterCase cluster, PodEntryMatch one) {
    Finding.Builder finding =
        cluster.name(one.home(), new PodGroup(cluster, cluster.alike(one)).error(rule));
    cluster
        .servedInstead(one.pod())
        .ifPresent(
            entry ->
                finding
                    .seen("pod " + one.pod().inWords(), "is served " + entry.inWords())
                    .lead(
                        "The pod has the identity "
                            + entry.spiffeId()
                            + ", by entry "
                            + entry.id()
                            + ", not "
                            + one.home().query().spiffeId().orElse("the one that is asked for")
                            + ". "));
    return finding;
  }

  /** The beginning of a sentence about the entries of a pod, or those of the identity asked for. */
  static String noEntryMatches(PodEntryMatch one) {
    return noEntryMatches(one, "");
  }

  /**
   * The same.
   *
   * @param forWhom such as {@code " for agents of this cluster"}
   */
  static String noEntryMatches(PodEntryMatch one, String forWhom) {
    return "No entry"
        + forWhom
        + one.home().query().spiffeId().map(id -> " for " + id).orElse("")
        + " matches the pod";
  }

  /** Whether it is judged by the agent; where none is known, it is no fault of the entry. */
  private static boolean ofParent(EntryMatch.Kind kind) {
    return kind == EntryMatch.Kind.PARENT_ALIAS_MISSING || kind == EntryMatch.Kind.PARENT_UNKNOWN;
  }

  /** Quotes what keeps an entry away. */
  static void quote(PodEntryMatch one, Finding.Builder finding) {
    finding.seen(one.entryMatch().entry().inWords(), "matches but for:");
    for (Difference difference : one.entryMatch().differences()) {
      finding.seen("selector", difference.inWords());
    }
  }

  /**
   * A parent that leads to the agent of a pod's node: a node alias that others use too, one to be
   * created ({@link #newAlias}), or the agent itself.
   */
  static String parent(PodEntryMatch one) {
    return existing(one)
        .or(() -> newAlias(one).map(Entry::spiffeId))
        .or(() -> one.home().agentsFor(one.pod().node()).stream().map(Agent::id).findFirst())
        .orElseGet(
            () -> SpiffeIds.of(one.home().trustDomain().orElse("example.org"), "/spire-agent"));
  }

  private static Optional<String> existing(PodEntryMatch one) {
    List<Agent> agents = one.home().agentsFor(one.pod().node());
    return one.entryMatch().entries().stream()
        .map(Entry::parentId)
        .filter(parent -> one.home().leadsTo(parent, one.pod().node()))
        .findFirst()
        .or(
            () ->
                one.home().entries().stream()
                    .filter(Entry::forNodes)
                    .filter(
                        alias ->
                            agents.stream()
                                .anyMatch(a -> a.selectors().containsAll(alias.selectors())))
                    .filter(alias -> Aliases.isForAll(one.home(), alias))
                    .map(Entry::spiffeId)
                    .findFirst());
  }

  /**
   * The node alias to create before an entry for a pod: the agent of one node as its parent would
   * not serve the pod's replicas on other nodes, nor the pod once it is made anew. Absent where one
   * leads there, and where agents have nothing in common by which an alias could mean them.
   */
  static Optional<Entry> newAlias(PodEntryMatch one) {
    return existing(one).isPresent() || one.home().commands().owner().isPresent()
        ? Optional.empty()
        : Aliases.forAll(one.home(), one.home().agentsFor(one.pod().node()).stream().findFirst());
  }

  /** The selectors that tell a pod and its like from others. */
  static Set<Selector> telling(Pod pod) {
    Set<Selector> selectors = new LinkedHashSet<>();
    selectors.add(Selector.k8s("ns:" + pod.meta().namespace()));
    selectors.add(Selector.k8s("sa:" + pod.serviceAccount()));
    label(pod)
        .ifPresent(
            label ->
                selectors.add(
                    Selector.k8s("pod-label:" + label + ":" + pod.meta().labels().get(label))));
    return selectors;
  }

  /** The label that tells a pod and its like from others. */
  static Optional<String> label(Pod pod) {
    return TELLING.stream().filter(pod.meta().labels()::containsKey).findFirst();
  }

  /** Server commands for changes below {@link #parent}, and the alias before them, where needed. */
  static EntryCommands below(PodEntryMatch one, Finding.Builder finding) {
    EntryCommands commands = one.home().commands();
    Optional<Entry> alias = newAlias(one);
    if (alias.isEmpty()) {
      return commands;
    }
    finding.remedy(
        commands.createAlias(
            "First create a node alias, so that the agents of all nodes lead to the entry",
            alias.get().spiffeId(),
            alias.get().selectors(),
            false));
    return commands.after(alias.get());
  }

  /** Gives a pod an identity of its own, or the one that was asked for. */
  static void own(String summary, PodEntryMatch one, Finding.Builder finding) {
    Pod pod = one.pod();
    EntryCommands commands = below(one, finding);
    Optional<String> wanted = one.home().query().spiffeId();
    Entry entry = Entry.of(wanted.orElseGet(() -> usualId(one)), parent(one), telling(pod));
    finding.remedy(
        label(pod)
            .flatMap(
                label ->
                    commands
                        .owner()
                        .flatMap(
                            owner ->
                                owner.ofPods(
                                    "Declare an identity for the pod and those like it",
                                    pod,
                                    label,
                                    wanted,
                                    commands.impact(Optional.empty(), entry))))
            .orElseGet(
                () ->
                    commands.create(
                        summary, entry.spiffeId(), entry.parentId(), entry.selectors())));
  }

  private static String usualId(PodEntryMatch one) {
    String path = "/ns/" + one.pod().meta().namespace() + "/sa/" + one.pod().serviceAccount();
    return SpiffeIds.of(one.home().trustDomain().orElse("example.org"), path);
  }

  /**
   * The selectors of an entry, each that differs replaced by what the pod has. Where the pod has
   * nothing of the kind the entry would mean more pods than before: what tells this pod from others
   * takes its place. What cannot be seen from outside stays.
   */
  static Set<Selector> fitted(PodEntryMatch one) {
    Map<Selector, Difference> differences =
        one.entryMatch().differences().stream()
            .collect(Collectors.toMap(Difference::wanted, difference -> difference));
    Set<Selector> fitted = new LinkedHashSet<>();
    for (Selector selector : one.entryMatch().entry().selectors()) {
      Optional<Difference> difference = Optional.ofNullable(differences.get(selector));
      Optional<Selector> instead = difference.flatMap(Difference::instead);
      // What a pod does not show is never taken away: without it the entry would mean more pods.
      if (difference.filter(d -> !KEPT.contains(d.likeness())).isEmpty()) {
        fitted.add(selector);
      } else if (instead.isPresent()) {
        fitted.add(instead.get());
      } else {
        fitted.addAll(telling(one.pod()));
      }
    }
    return fitted;
  }

  /**
   * Makes an entry match, and be served. One that is for other pods is left as it is ({@link
   * OthersEntry}): the pod is given an identity of its own.
   *
   * @param contested why the entry may have been meant for others just as well
   */
  static void refit(
      String summary, PodEntryMatch one, Optional<String> contested, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    Optional<String> others = OthersEntry.bySelectors(one);
    Set<Selector> fitted = fitted(one);
    if (others.isEmpty() && fitted.equals(entry.selectors())) {
      finding.remedy(
          new Remedy.Advice(
              "The "
                  + entry.inWords()
                  + " is not changed: whether the pod has what it asks for cannot be seen from"
                  + " outside"));
      return;
    }
    Optional<Entry> alias = newAlias(one);
    EntryCommands commands = alias.map(one.home().commands()::after).orElse(one.home().commands());
    Remedy update = commands.update(summary, entry, parent(one), fitted, true);
    Optional<String> kept =
        others
            .or(() -> OthersEntry.byService(one.others() || takes(update)))
            .or(() -> contested)
            .or(() -> OthersEntry.byOwner(entry));
    if (kept.isEmpty()) {
      below(one, finding);
      finding.remedy(update);
      return;
    }
    leave(one, kept.orElseThrow(), finding);
  }

  /**
   * Leaves the nearest entry to others, and gives the pod an identity of its own: not that of the
   * entry, unless it was asked for, or only another namespace or service account keeps it away. It
   * is no more than possible then that the entry was meant for the pod, and {@code --fix} creates
   * none.
   *
   * @param why the entry is theirs
   */
  static void leave(PodEntryMatch one, String why, Finding.Builder finding) {
    Entry entry = one.entryMatch().entry();
    String summary = "If the pod is right, create an entry of its own for it";
    boolean elsewhere = OthersEntry.onlyBelongsElsewhere(one);
    if (!elsewhere) {
      finding.confidence(Finding.Confidence.POSSIBLE);
    }
    boolean usual = entry.spiffeId().equals(usualId(one));
    if (!elsewhere && usual && one.home().query().spiffeId().isEmpty()) {
      finding.remedy(
          new Remedy.Advice(summary + ", of another SPIFFE ID than " + entry.spiffeId()));
    } else {
      own(summary, one, finding);
    }
    finding.remedy(new Remedy.Advice("The " + entry.inWords() + " is not changed: it " + why));
  }

  /** Whether a change takes an identity from a pod that has it. */
  static boolean takes(Remedy remedy) {
    return remedy instanceof Remedy.EntryChange change
        && change.impact().filter(impact -> !impact.losses().isEmpty()).isPresent();
  }
}
