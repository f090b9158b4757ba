package org.spiredoctor.bench;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Measures {@code spire-doctor wait} and its alternatives side by side in one run, and prints the
 * result as Markdown. Linux only: it reads {@code /proc}.
 */
public final class Benchmark {
  private final Options options;
  private final Contestants contestants;
  private final Scratch scratch;
  private final Processes processes;
  private final List<Table> tables = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Benchmark(
      Options options, Contestants contestants, Scratch scratch, Processes processes) {
    this.options = options;
    this.contestants = contestants;
    this.scratch = scratch;
    this.processes = processes;
  }

  /** Runs everything; exit code 1 when it could not, 2 when the command line makes no sense. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> words = List.of(arguments);
    if (words.contains("--help")) {
      System.out.print(Options.USAGE);
      return;
    }
    try {
      run(Options.parse(words, System.getenv()));
    } catch (WrongUsageException e) {
      System.err.print(e.getMessage() + "\n" + Options.USAGE);
      System.exit(2);
    } catch (RunFailedException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (StoppedException e) {
      System.err.println("Stopped.");
    }
  }

  private static void run(Options options)
      throws IOException, InterruptedException, RunFailedException {
    SearchPath searchPath = new SearchPath(System.getenv().getOrDefault("PATH", ""));
    Contestants contestants = Contestants.find(options, searchPath);
    contestants.leftOut().forEach(line -> System.err.println("Left out: " + line));
    if (options.out().isPresent()) {
      // Known now rather than after minutes.
      Files.write(options.out().get(), new byte[0], CREATE, APPEND);
    }
    try (Scratch scratch = Scratch.create();
        Processes processes = new Processes(scratch, applets(scratch, contestants))) {
      Thread atTheEnd = Thread.ofPlatform().unstarted(() -> cleanUp(processes, scratch));
      Runtime.getRuntime().addShutdownHook(atTheEnd);
      try {
        print(
            new Benchmark(options, contestants, scratch, processes).measure(searchPath).markdown(),
            options.out());
      } catch (IOException | RunFailedException e) {
        // When it is being stopped, files and processes vanish under its hands.
        if (processes.closed()) {
          throw new StoppedException();
        }
        throw e;
      }
    }
  }

  private static void cleanUp(Processes processes, Scratch scratch) {
    processes.close();
    scratch.close();
  }

  /** As in an image of busybox, where {@code sleep} is busybox's, too. */
  private static Path applets(Scratch scratch, Contestants contestants) throws IOException {
    Path applets = scratch.directory("applets");
    if (contestants.busybox().isPresent()) {
      Files.createSymbolicLink(applets.resolve("sleep"), contestants.busybox().get());
    }
    return applets;
  }

  private static void print(String result, Optional<Path> out) throws IOException {
    new PrintStream(System.out, true, StandardCharsets.UTF_8).print(result);
    if (out.isPresent()) {
      Files.writeString(out.get(), result, StandardCharsets.UTF_8);
    }
  }

  private Summary measure(SearchPath searchPath)
      throws IOException, InterruptedException, RunFailedException {
    contestants.leftOut().forEach(line -> notes.add("Left out: " + line + "."));
    List<String> versions = new Versions(processes).of(contestants);
    Optional<Path> agent = agent(searchPath);
    RoundRobin roundRobin = new RoundRobin(options.runs(), options.slowRuns(), processes);
    measureConnecting(roundRobin);
    if (agent.isPresent()) {
      measureAnswered(roundRobin, agent.get());
      measureReaction(roundRobin, agent.get());
      measureRunMemory(roundRobin, agent.get());
    }
    measureWaitingMemory(roundRobin);
    add("Size", "size", Unit.MEBIBYTES, contestants.sizes(options));
    if (tables.isEmpty()) {
      throw new RunFailedException("There is nothing to measure.");
    }
    return new Summary(options, Machine.here(), versions, tables, notes);
  }

  /** The agent's socket; absent, with a note, where there is no agent to be had. */
  private Optional<Path> agent(SearchPath searchPath)
      throws IOException, InterruptedException, RunFailedException {
    if (options.socket().isPresent()) {
      Path socket = options.socket().get();
      try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        return options.socket();
      } catch (IOException e) {
        throw new RunFailedException("No agent serves at " + socket + ": " + e.getMessage());
      }
    }
    Optional<Path> server = searchPath.find("spire-server");
    if (server.isPresent() && contestants.agent().isPresent()) {
      return Optional.of(
          RealSpire.start(processes, scratch, server.get(), contestants.agent().get()));
    }
    note(
        "Left out: all that needs an agent that serves; give its socket with `--socket`, or have"
            + " spire-server and spire-agent on the PATH.");
    return Optional.empty();
  }

  private void measureConnecting(RoundRobin roundRobin) throws IOException, InterruptedException {
    String title = "Start of the process to its connection to the socket";
    List<Row<Double>> rows =
        roundRobin.measure(title, contestants.asking(), new StartToConnect(processes, scratch));
    add(title, "start to connection", Unit.MILLISECONDS, numbers(rows));
  }

  private void measureAnswered(RoundRobin roundRobin, Path agent)
      throws IOException, InterruptedException {
    String title = "Start of the process to its end, agent serving";
    List<Row<Double>> rows =
        roundRobin.measure(title, contestants.answered(), new StartToExit(processes, agent));
    add(title, "start to end", Unit.MILLISECONDS, numbers(rows));
  }

  private void measureReaction(RoundRobin roundRobin, Path agent)
      throws IOException, InterruptedException {
    Optional<String> refused = contestants.identityRefused(processes, agent);
    refused.ifPresent(why -> note("Left out: `wait --for identity`: " + why + "."));
    String title = "Agent begins to serve to end of the waiting";
    List<Row<Double>> rows =
        roundRobin.measure(
            title,
            contestants.reacting(refused.isEmpty()),
            new Reaction(processes, scratch, agent, RandomGenerator.getDefault()));
    add(title, "reaction", Unit.MILLISECONDS, numbers(rows));
  }

  private void measureRunMemory(RoundRobin roundRobin, Path agent)
      throws IOException, InterruptedException {
    String title = "Peak resident memory of a whole run (`VmHWM`, read every 0.5 ms)";
    List<Row<Double>> rows =
        roundRobin.measure(title, contestants.running(), new RunMemory(processes, agent));
    add(title, "peak memory, whole run", Unit.MEBIBYTES, numbers(rows));
  }

  private void measureWaitingMemory(RoundRobin roundRobin)
      throws IOException, InterruptedException {
    String title = "Peak resident memory while waiting for a silent agent (`VmHWM`, settled)";
    List<Row<Memory>> rows =
        roundRobin.measure(title, contestants.hanging(), new WaitingMemory(processes, scratch));
    add(
        title,
        "peak memory, waiting",
        Unit.MEBIBYTES,
        rows.stream().map(row -> row.line(Memory::peakMib)).toList());
    addSame(
        "Its own memory then (`RssAnon`)",
        "own memory, waiting",
        rows.stream().map(row -> row.line(Memory::anonymousMib)).toList());
    addSame(
        "Memory backed by files then (`RssFile`)",
        "file-backed memory, waiting",
        rows.stream().map(row -> row.line(Memory::fileMib)).toList());
  }

  private static List<Line> numbers(List<Row<Double>> rows) {
    return rows.stream().map(row -> row.line(Double::doubleValue)).toList();
  }

  private void add(String title, String column, Unit unit, List<Line> lines) {
    addSame(title, column, unit, lines);
    for (Line line : lines) {
      line.failures().stream()
          .findFirst()
          .ifPresent(said -> notes.add(line.contestant() + " failed (" + column + "): " + said));
    }
  }

  private void addSame(String title, String column, List<Line> lines) {
    addSame(title, column, Unit.MEBIBYTES, lines);
  }

  private void addSame(String title, String column, Unit unit, List<Line> lines) {
    if (!lines.isEmpty()) {
      tables.add(new Table(title, column, unit, lines));
    }
  }

  private void note(String note) {
    notes.add(note);
    System.err.println(note);
  }
}
