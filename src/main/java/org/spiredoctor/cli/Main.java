package org.spiredoctor.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.spiffe.spiffeid.SpiffeId;
import io.spiffe.spiffeid.TrustDomain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.spiredoctor.cli.options.DurationConverter;
import org.spiredoctor.cli.options.GoalConverter;
import org.spiredoctor.cli.options.ReportFormatConverter;
import org.spiredoctor.cli.options.SpiffeIdConverter;
import org.spiredoctor.cli.options.TrustDomainConverter;
import org.spiredoctor.console.Terminal;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.report.ReportFormat;
import org.spiredoctor.report.Untrusted;
import org.spiredoctor.wait.Goal;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The program's entry. Quarkus builds it, but its container is not started here: {@code wait} has
 * to be at the socket within milliseconds, and nothing in these commands is injected.
 */
@QuarkusMain
public final class Main {
  /** Held, so that its level stays. */
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String... args) {
    // What libraries log is not for users.
    ROOT_LOGGER.setLevel(Level.OFF);
    // Else the log manager asks the DNS for this host's name where HOSTNAME is not set.
    for (String name : List.of("host.name", "qualified.host.name", "node.name")) {
      System.setProperty("jboss." + name, "localhost");
    }
    // Else Netty looks at every network interface for an id of this machine, which nobody asks for.
    System.setProperty("io.netty.machineId", "00:00:00:00:00:00");
    System.setProperty("io.netty.processId", "1");
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs one command; the exit code says how it went. */
  static int run(Terminal terminal, String... args) {
    SpireDoctor program = new SpireDoctor();
    CommandLine line = commandLine(terminal, program, args);
    int code;
    try {
      code = line.execute(args);
    } catch (Throwable failure) {
      // Errors, which picocli hands on.
      return failed(terminal, program, failure, name(line));
    }
    boolean printed = terminal.printed();
    // What these tell is their exit code; for the others a lost output is a lost result.
    return printed || Set.of("wait", "run").contains(name(line)) ? code : ExitCode.USAGE;
  }

  /** Of the command that was given, or else of the program. */
  private static String name(CommandLine line) {
    CommandLine.ParseResult parsed = line.getParseResult();
    return parsed != null && parsed.hasSubcommand()
        ? parsed.subcommand().commandSpec().name()
        : line.getCommandName();
  }

  private static CommandLine commandLine(Terminal terminal, SpireDoctor program, String... args) {
    CommandLine line = new CommandLine(program);
    Map<String, Function<Terminal, Object>> commands = commands();
    if (args.length > 0 && commands.containsKey(args[0])) {
      // Reading the annotations of all others takes longer than many a command.
      commands.keySet().retainAll(Set.of(args[0]));
    }
    commands.values().forEach(command -> line.addSubcommand(command.apply(terminal)));
    return line.registerConverter(Duration.class, new DurationConverter())
        .registerConverter(SpiffeId.class, new SpiffeIdConverter())
        .registerConverter(TrustDomain.class, new TrustDomainConverter())
        .registerConverter(Goal.class, new GoalConverter())
        .registerConverter(ReportFormat.class, new ReportFormatConverter())
        .setCaseInsensitiveEnumValuesAllowed(true)
        // Arguments of tests are theirs.
        .setExpandAtFiles(false)
        .setUsageHelpWidth(terminal.style().width())
        .setUsageHelpAutoWidth(false)
        .setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()))
        .setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()))
        .setColorScheme(colours(terminal))
        .setParameterExceptionHandler((wrong, _) -> misused(terminal, wrong))
        .setExecutionExceptionHandler(
            (failure, command, _) ->
                switch (failure) {
                  case UsageException wrong -> misused(terminal, wrong, command);
                  case InvalidPathException wrong ->
                      misused(
                          terminal,
                          new UsageException(
                              wrong.getInput() + " cannot be a file: " + wrong.getReason()),
                          command);
                  default -> failed(terminal, program, failure, command.getCommandName());
                });
  }

  /** By name, in the order of the help. */
  private static Map<String, Function<Terminal, Object>> commands() {
    Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
    commands.put("wait", WaitCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("register", RegisterCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("receive", ReceiveCommand::new);
    commands.put("bundle", BundleCommand::new);
    commands.put("explain", ExplainCommand::new);
    return commands;
  }

  private static CommandLine.Help.ColorScheme colours(Terminal terminal) {
    return CommandLine.Help.defaultColorScheme(
        terminal.style().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF);
  }

  private static int misused(Terminal terminal, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    terminal.complain(String.valueOf(wrong.getMessage()));
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        terminal.say("Did you mean: " + String.join(", ", suggestions) + "?");
      }
      if (command.getCommandName().equals("run")) {
        terminal.say("The arguments of the tests stand behind --.");
      }
    }
    return pointToHelp(terminal, command);
  }

  private static int misused(Terminal terminal, UsageException wrong, CommandLine command) {
    terminal.complain(String.valueOf(wrong.getMessage()));
    return pointToHelp(terminal, command);
  }

  private static int pointToHelp(Terminal terminal, CommandLine command) {
    terminal.say("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  /** One line; more only for those who ask. */
  private static int failed(
      Terminal terminal, SpireDoctor program, Throwable failure, String command) {
    terminal.complain(
        command
            + " failed unexpectedly: "
            + failure
            + " (this is a fault of spire-doctor; --debug shows where)");
    if (program.debug()) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().map(Untrusted::logLine).forEach(terminal.err()::println);
    }
    return command.equals("run") ? ExitCode.ENVIRONMENT : ExitCode.UNKNOWN;
  }
}
