package org.spiredoctor.spire.server;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/** The container of a SPIRE server, in which the server's own program can be run. */
public interface ServerContainer {

  /**
   * How much of a program is borne.
   *
   * @param whole how long it may take in all, its input included
   * @param bytes of its output, standard error included
   */
  record Limits(Duration whole, long bytes) {}

  /** Whether a program can see the end of its standard input. */
  boolean endsInput();

  /**
   * Starts the program.
   *
   * @param words of the command, without the program's path and without its socket
   * @param input whether it is sent anything
   */
  Run start(List<String> words, boolean input, Limits limits) throws ServerException;

  /** Closes what leads to it. */
  void close();

  /** A program that runs. */
  interface Run extends AutoCloseable {

    /** The whole command. */
    String command();

    /** What it prints, as it comes. */
    InputStream output();

    /** Sends it this as all of its standard input. */
    void send(byte[] input) throws IOException;

    /**
     * Goes on waiting for output while something else shows that it is to be expected.
     *
     * @param alive is asked when nothing was printed for a while
     */
    void whenSilent(BooleanSupplier alive);

    /** Its exit code, when its output has been read to the end; empty when nobody said. */
    OptionalInt exitCode();

    /** What it or the runtime complained of, without secrets. */
    String complaint();

    @Override
    void close();
  }
}
