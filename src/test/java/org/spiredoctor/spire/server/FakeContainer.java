package org.spiredoctor.spire.server;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A container in which the server's program answers what a test says. */
final class FakeContainer implements ServerContainer {
  /** What the program prints on its two outputs, and how it ends. */
  record Printed(String out, String complaint, int exitCode) {
    static Printed json(String json) {
      return new Printed(json, "", 0);
    }

    static Printed failure(String complaint) {
      return new Printed("", complaint, 1);
    }
  }

  private final boolean endsInput;
  private final Function<String, Printed> program;

  /** The commands that were run. */
  final List<String> commands = new ArrayList<>();

  /** What was sent to them. */
  final List<String> inputs = new ArrayList<>();

  FakeContainer(boolean endsInput, Function<String, Printed> program) {
    this.endsInput = endsInput;
    this.program = program;
  }

  ServerCli server() {
    return new ServerCli(this, text -> text.replace("secret", "***"), _ -> {});
  }

  @Override
  public boolean endsInput() {
    return endsInput;
  }

  @Override
  public Run start(List<String> words, boolean input, Limits limits) {
    String command = String.join(" ", words);
    commands.add(command);
    return new Running("spire-server " + command, program.apply(command));
  }

  @Override
  public void close() {}

  private final class Running implements Run {
    private final String command;
    private final Printed printed;
    private final InputStream output;

    Running(String command, Printed printed) {
      this.command = command;
      this.printed = printed;
      this.output = new ByteArrayInputStream(printed.out().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String command() {
      return command;
    }

    @Override
    public InputStream output() {
      return output;
    }

    @Override
    public void send(byte[] input) {
      inputs.add(new String(input, StandardCharsets.UTF_8));
    }

    @Override
    public void whenSilent(BooleanSupplier alive) {}

    @Override
    public OptionalInt exitCode() {
      return OptionalInt.of(printed.exitCode());
    }

    @Override
    public String complaint() {
      return printed.complaint();
    }

    @Override
    public void close() {}
  }
}
