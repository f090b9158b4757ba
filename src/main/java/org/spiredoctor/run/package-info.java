/** Runs tests in a pod: what is put into it, and how it gets there. */
@NullMarked
package org.spiredoctor.run;

import org.jspecify.annotations.NullMarked;
