/** Commands: parse, call, print, exit code. */
@NullMarked
package org.spiredoctor.cli;

import org.jspecify.annotations.NullMarked;
