package org.spiredoctor.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.spiredoctor.check.ClusterCheck;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Diagnosis;
import org.spiredoctor.diagnosis.Rules;
import org.spiredoctor.evidence.cluster.ClusterAccess;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.KubeException;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.pod.ShutdownHook;
import org.spiredoctor.register.Registration;
import org.spiredoctor.register.RegistrationEnd;
import org.spiredoctor.register.RegistrationRequest;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Ownership;
import org.spiredoctor.report.TextReport;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.run.binary.GoPackage;
import org.spiredoctor.run.binary.TestBinary;

/** {@code run}, from the first look at the cluster to the removal of the pod. */
public final class TestRun {
  /** A Go test that takes too long says itself where it hangs. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final ClusterAccess access;
  private final RunRequest request;
  private final Terminal terminal;
  private final RunConsole console;

  /** Asks nobody yet; what it says is said on the terminal. */
  public TestRun(ClusterAccess access, RunRequest request, Terminal terminal) {
    this.access = access;
    this.request = request;
    this.terminal = terminal;
    this.console = new RunConsole(terminal);
  }

  /** The exit code of the tests, or of their build; none when what they run in failed. */
  public OptionalInt run() throws UsageException, InterruptedException, IOException {
    console.banner();
    try (ClusterCheck check = new ClusterCheck(access, console.aside())) {
      return run(check);
    }
  }

  private OptionalInt run(ClusterCheck check)
      throws UsageException, InterruptedException, IOException {
    ClusterCase cluster =
        new ClusterCase(
            check.lookBeforeChanges(request.query(), Registration.scope(request.declarations())));
    if (cluster.evidence().snapshot().cluster() instanceof Observed.Unseen<String>) {
      return broken("The cluster was not reached", check, cluster);
    }
    TestPodPlan preflight = TestPodPlan.of(cluster);
    configuration(preflight);
    if (!hasAgent(check, preflight)) {
      return OptionalInt.empty();
    }
    Optional<String> refusal =
        noNamespace(check, cluster.evidence()).or(() -> preflight.refusal(request.pod()));
    if (refusal.isPresent()) {
      return broken(Untrusted.clean(refusal.get()), check, cluster);
    }
    Path directory = Files.createTempDirectory("spire-doctor");
    // A signal may come while the binary is built, or used.
    ShutdownHook hook = ShutdownHook.of(() -> delete(directory));
    try {
      TestBinary binary =
          request.binary().isPresent() ? request.binary().get() : build(preflight, directory);
      Pod like = like(pod(preflight, binary, "serving"));
      boolean registered = request.register() && register(cluster, check, preflight);
      String goal = goal(like, preflight, registered);
      return new PodRun(access, request, terminal, console).run(pod(preflight, binary, goal));
    } catch (KubeException e) {
      console.failed(e.asked() + ": " + e.answer());
      return OptionalInt.empty();
    } catch (GoPackage.BuildException e) {
      console.failed(String.valueOf(e.getMessage()));
      return OptionalInt.of(e.code());
    } finally {
      delete(directory);
      hook.close();
    }
  }

  /** Whoever creates the namespace later would have the identities that are registered for it. */
  private Optional<String> noNamespace(ClusterCheck check, ClusterEvidence evidence) {
    String name = request.declarations().namespace();
    Optional<Boolean> listed = evidence.hasNamespace(name);
    if (check.kept().isEmpty() || listed.orElse(false)) {
      return Optional.empty();
    }
    try {
      // What was listed may be a moment old.
      check.kept().get().api().get(Kind.NAMESPACE, Optional.empty(), name);
      return Optional.empty();
    } catch (KubeException e) {
      return listed.isPresent() || e.reason() == KubeException.Reason.NOT_FOUND
          ? Optional.of(
              "There is no namespace "
                  + name
                  + (request.register() ? ", so nothing was registered" : ""))
          : Optional.empty();
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // It was deleted already, or is the system's to clean.
    }
  }

  private OptionalInt broken(String what, ClusterCheck check, ClusterCase seen)
      throws InterruptedException {
    console.failed(what);
    ClusterCase cluster = check.whole(seen);
    terminal
        .err()
        .print(
            TextReport.renderFindings(Diagnosis.examine(cluster, Rules.all()), terminal.style()));
    if (request.collect().isPresent()) {
      check.trySave("--collect-on-failure", cluster.evidence().snapshot(), request.collect().get());
    }
    return OptionalInt.empty();
  }

  private void configuration(TestPodPlan preflight) {
    console.doing("Configuration:");
    console.say("  Namespace: " + request.declarations().namespace());
    console.say(
        "  Socket: "
            + preflight
                .volume(request.pod())
                .map(volume -> volume.inWords() + ", " + preflight.socketFile(request.pod()))
                .orElse("unknown"));
    console.say(
        request
            .goPackage()
            .map(name -> "  Package: " + name)
            .or(() -> request.binary().map(binary -> "  Binary: " + binary.file()))
            .orElse(""));
    console.say("  Keep pod: " + request.keep());
    console.say("  Mode: CI (static binary + distroless)");
    console.say("");
  }

  /** Whether there is one, or agents could not be listed; reports it where there is none. */
  private boolean hasAgent(ClusterCheck check, TestPodPlan preflight) throws InterruptedException {
    Optional<Pod> agent = preflight.agent(request.pod().node());
    if (agent.isPresent()) {
      console.reached(
          "Found SPIRE Agent: "
              + agent.get().meta().name()
              + " on "
              + agent.get().node()
              + (agent.get().ready() ? "" : ", which is not ready"));
      return true;
    }
    if (preflight.unseen().isPresent()) {
      console.say("⚠️  SPIRE's agents were not seen: " + Untrusted.clean(preflight.unseen().get()));
      return true;
    }
    broken(
        "No SPIRE Agent found"
            + request.pod().node().map(node -> " on node " + node).orElse("")
            + preflight.elsewhere(),
        check,
        preflight.cluster());
    return false;
  }

  private TestBinary build(TestPodPlan preflight, Path directory)
      throws IOException, UsageException, GoPackage.BuildException, InterruptedException {
    String name = request.goPackage().orElseThrow();
    console.doing("Building " + name + " with CGO_ENABLED=0 go test -c...");
    return GoPackage.build(
        name,
        preflight.architecture().orElse("amd64"),
        directory,
        line -> console.say(Untrusted.logLine(line)));
  }

  /** Whether all went well; else it is worth to try all the same. */
  private boolean register(ClusterCase cluster, ClusterCheck check, TestPodPlan preflight)
      throws UsageException, InterruptedException {
    console.doing("Setting up SPIRE workload registration entries...");
    Optional<String> replaced =
        Optional.of(request.pod().name()).filter(_ -> request.pod().replace());
    LiveRuns inUse =
        LiveRuns.of(
            cluster.evidence(),
            preflight.home().selectors(),
            request.declarations().namespace(),
            replaced);
    RegistrationRequest entries =
        RegistrationRequest.plain(
            request.query(),
            request.declarations(),
            Ownership.ofRun(request.owner(), inUse, this::isOfTests));
    boolean done =
        new Registration(access, entries, console.aside()).run(cluster, check)
            == RegistrationEnd.DONE;
    if (!done) {
      console.say(
          "⚠️  Registration setup encountered issues - tests may fail if workload entries are"
              + " missing");
      console.say(
          "⚠️  Run manually if needed: spire-doctor register -n "
              + request.declarations().namespace()
              + " --service-account "
              + request.declarations().serviceAccount()
              + " --trust-domain "
              + preflight.trustDomain());
    }
    return done;
  }

  /** Whether an entry names the label of the tests' pod. */
  private boolean isOfTests(Entry entry) {
    String app = request.pod().labels().getOrDefault("app", TestPod.APP);
    return entry.selectors().contains(Selector.k8s("pod-label:app:" + app));
  }

  private TestPod pod(TestPodPlan preflight, TestBinary binary, String goal) {
    Limits limits = request.pod().limits();
    List<String> arguments = new ArrayList<>();
    if (binary.goTest() && request.arguments().stream().noneMatch(a -> a.contains("test.v"))) {
      arguments.add("-test.v");
    }
    if (binary.goTest()
        && request.arguments().stream().noneMatch(a -> a.contains("test.timeout"))) {
      arguments.add("-test.timeout=" + limits.tests().toMillis() + "ms");
    }
    arguments.addAll(request.arguments());
    Duration tests = binary.goTest() ? limits.tests().plus(LAST_WORDS) : limits.tests();
    return new TestPod(
        UUID.randomUUID().toString(),
        request.declarations().namespace(),
        request.pod().name(),
        request.pod().labels(),
        request.pod().env(),
        request.declarations().serviceAccount(),
        request.pod().image(),
        request.pod().doctorImage(),
        preflight.nodes(request.pod().node()),
        preflight.volume(request.pod()).orElseThrow(),
        preflight.socketFile(request.pod()),
        preflight.trustDomain(),
        goal,
        binary,
        List.copyOf(arguments),
        new Limits(limits.start(), limits.socket(), limits.copy(), tests));
  }

  /** The pod as it will be, but for what only the cluster adds. */
  private Pod like(TestPod pod) throws UsageException {
    try {
      return Pod.of(pod.manifest(request.pod().patch()));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--overrides: " + e.getMessage());
    }
  }

  /** The identity that was registered for every container of the pod; it may have others too. */
  private String goal(Pod like, TestPodPlan preflight, boolean registered) {
    if (request.pod().goal().isPresent()) {
      return request.pod().goal().get();
    }
    if (!registered) {
      return "serving";
    }
    Container waiting =
        like.containers().stream()
            .filter(one -> one.name().equals(TestPod.WAIT))
            .findFirst()
            .orElse(like.containers().getFirst());
    Set<Selector> selectors = preflight.home().selectors().of(like, waiting);
    return request.declarations().in(preflight.trustDomain()).stream()
        .map(Declared::entry)
        .filter(entry -> !entry.forNodes() && selectors.containsAll(entry.selectors()))
        .findFirst()
        .map(entry -> "identity=" + entry.spiffeId())
        .orElse("serving");
  }
}
