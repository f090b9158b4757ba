package org.spiredoctor.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.spiredoctor.evidence.cluster.ClusterQuery;
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
import org.spiredoctor.run.Limits;
import org.spiredoctor.run.TestPod;
import org.spiredoctor.run.binary.GoPackage;
import org.spiredoctor.run.binary.TestBinary;

/** {@code run}, from the first look at the cluster to the removal of the pod. */
final class TestRun {
  /** A Go test that takes too long says itself where it hangs. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final ClusterAccess access;
  private final ClusterQuery query;
  private final RunCommand.Job job;
  private final Terminal terminal;
  private final RunConsole console;

  TestRun(ClusterAccess access, ClusterQuery query, RunCommand.Job job, Terminal terminal) {
    this.access = access;
    this.query = query;
    this.job = job;
    this.terminal = terminal;
    this.console = new RunConsole(terminal);
  }

  /** The exit code. */
  int run() throws UsageException, InterruptedException, IOException {
    JsonNode patch = job.pod().patch();
    Limits limits = job.pod().limits();
    console.banner();
    try (ClusterCheck check = new ClusterCheck(access, console.aside())) {
      return run(check, patch, limits);
    }
  }

  private int run(ClusterCheck check, JsonNode patch, Limits limits)
      throws UsageException, InterruptedException, IOException {
    ClusterCase cluster =
        new ClusterCase(check.lookBeforeChanges(query, Registration.scope(job.declarations())));
    if (cluster.evidence().snapshot().cluster() instanceof Observed.Unseen<String>) {
      return broken("The cluster was not reached", check, cluster);
    }
    TestPodPlan preflight = TestPodPlan.of(cluster);
    configuration(preflight);
    Optional<Integer> missing = agent(check, preflight);
    if (missing.isPresent()) {
      return missing.get();
    }
    Optional<String> refusal =
        noNamespace(check, cluster.evidence())
            .or(() -> preflight.refusal(job.pod(), terminal.environment()));
    if (refusal.isPresent()) {
      return broken(Untrusted.clean(refusal.get()), check, cluster);
    }
    Path directory = Files.createTempDirectory("spire-doctor");
    // A signal may come while the binary is built, or used.
    ShutdownHook hook = ShutdownHook.of(() -> delete(directory));
    try {
      TestBinary binary =
          job.binary().isPresent() ? job.binary().get() : build(preflight, directory);
      Pod like = like(pod(preflight, binary, limits, "serving"), patch);
      boolean registered = job.register() && register(cluster, check, preflight);
      String goal = goal(like, preflight, registered);
      return new PodRun(access, query, job, terminal, console)
          .run(pod(preflight, binary, limits, goal), patch);
    } catch (KubeException e) {
      console.failed(e.asked() + ": " + e.answer());
      return ExitCode.ENVIRONMENT;
    } catch (GoPackage.BuildException e) {
      console.failed(String.valueOf(e.getMessage()));
      return e.code();
    } finally {
      delete(directory);
      hook.close();
    }
  }

  /** Whoever creates the namespace later would have the identities that are registered for it. */
  private Optional<String> noNamespace(ClusterCheck check, ClusterEvidence evidence) {
    String name = job.declarations().namespace();
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
                  + (job.register() ? ", so nothing was registered" : ""))
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

  private int broken(String what, ClusterCheck check, ClusterCase seen)
      throws InterruptedException {
    console.failed(what);
    ClusterCase cluster = check.whole(seen);
    terminal
        .err()
        .print(
            TextReport.renderFindings(Diagnosis.examine(cluster, Rules.all()), terminal.style()));
    if (job.collect().isPresent()) {
      check.trySave("--collect-on-failure", cluster.evidence().snapshot(), job.collect().get());
    }
    return ExitCode.ENVIRONMENT;
  }

  private void configuration(TestPodPlan preflight) {
    Map<String, String> environment = terminal.environment();
    console.doing("Configuration:");
    console.say("  Namespace: " + job.declarations().namespace());
    console.say(
        "  Socket: "
            + preflight
                .volume(job.pod(), environment)
                .map(
                    volume ->
                        volume.inWords() + ", " + preflight.socketFile(job.pod(), environment))
                .orElse("unknown"));
    console.say(
        job.goPackage()
            .map(name -> "  Package: " + name)
            .or(() -> job.binary().map(binary -> "  Binary: " + binary.file()))
            .orElse(""));
    console.say("  Keep pod: " + job.keep());
    console.say("  Mode: CI (static binary + distroless)");
    console.say("");
  }

  /** The exit code when there is none. */
  private Optional<Integer> agent(ClusterCheck check, TestPodPlan preflight)
      throws InterruptedException {
    Optional<Pod> agent = preflight.agent(job.pod().node());
    if (agent.isPresent()) {
      console.reached(
          "Found SPIRE Agent: "
              + agent.get().meta().name()
              + " on "
              + agent.get().node()
              + (agent.get().ready() ? "" : ", which is not ready"));
      return Optional.empty();
    }
    if (preflight.unseen().isPresent()) {
      console.say("⚠️  SPIRE's agents were not seen: " + Untrusted.clean(preflight.unseen().get()));
      return Optional.empty();
    }
    return Optional.of(
        broken(
            "No SPIRE Agent found"
                + job.pod().node().map(node -> " on node " + node).orElse("")
                + preflight.elsewhere(),
            check,
            preflight.cluster()));
  }

  private TestBinary build(TestPodPlan preflight, Path directory)
      throws IOException, UsageException, GoPackage.BuildException, InterruptedException {
    String name = job.goPackage().orElseThrow();
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
    Optional<String> replaced = Optional.of(job.pod().name()).filter(_ -> job.pod().replace());
    LiveRuns inUse =
        LiveRuns.of(
            cluster.evidence(),
            preflight.home().selectors(),
            job.declarations().namespace(),
            replaced);
    RegistrationRequest request =
        RegistrationRequest.plain(
            query, job.declarations(), Ownership.ofRun(job.owner(), inUse, this::isOfTests));
    boolean done =
        new Registration(access, request, console.aside()).run(cluster, check)
            == RegistrationEnd.DONE;
    if (!done) {
      console.say(
          "⚠️  Registration setup encountered issues - tests may fail if workload entries are"
              + " missing");
      console.say(
          "⚠️  Run manually if needed: spire-doctor register -n "
              + job.declarations().namespace()
              + " --service-account "
              + job.declarations().serviceAccount()
              + " --trust-domain "
              + preflight.trustDomain());
    }
    return done;
  }

  /** Whether an entry names the label of the tests' pod. */
  private boolean isOfTests(Entry entry) {
    String app = job.pod().labels().getOrDefault("app", TestPod.APP);
    return entry.selectors().contains(Selector.k8s("pod-label:app:" + app));
  }

  private TestPod pod(TestPodPlan preflight, TestBinary binary, Limits limits, String goal)
      throws IOException {
    Map<String, String> environment = terminal.environment();
    List<String> arguments = new ArrayList<>();
    if (binary.goTest() && job.arguments().stream().noneMatch(a -> a.contains("test.v"))) {
      arguments.add("-test.v");
    }
    if (binary.goTest() && job.arguments().stream().noneMatch(a -> a.contains("test.timeout"))) {
      arguments.add("-test.timeout=" + limits.tests().toMillis() + "ms");
    }
    arguments.addAll(job.arguments());
    Duration tests = binary.goTest() ? limits.tests().plus(LAST_WORDS) : limits.tests();
    return new TestPod(
        UUID.randomUUID().toString(),
        job.declarations().namespace(),
        job.pod().name(),
        job.pod().labels(),
        job.pod().env(),
        job.declarations().serviceAccount(),
        job.pod().image(environment),
        job.pod().doctorImage(environment),
        preflight.nodes(job.pod().node()),
        preflight.volume(job.pod(), environment).orElseThrow(),
        preflight.socketFile(job.pod(), environment),
        preflight.trustDomain(),
        goal,
        binary,
        List.copyOf(arguments),
        new Limits(limits.start(), limits.socket(), limits.copy(), tests));
  }

  /** The pod as it will be, but for what only the cluster adds. */
  private static Pod like(TestPod pod, JsonNode patch) throws UsageException {
    try {
      return Pod.of(pod.manifest(patch));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--overrides: " + e.getMessage());
    }
  }

  /** The identity that was registered for every container of the pod; it may have others too. */
  private String goal(Pod like, TestPodPlan preflight, boolean registered) {
    if (job.goal().isPresent()) {
      return job.goal().get();
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
    return job.declarations().in(preflight.trustDomain()).stream()
        .map(Declared::entry)
        .filter(entry -> !entry.forNodes() && selectors.containsAll(entry.selectors()))
        .findFirst()
        .map(entry -> "identity=" + entry.spiffeId())
        .orElse("serving");
  }
}
