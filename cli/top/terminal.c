// SPDX-License-Identifier: GPL-2.0-only
#include "top/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/array.h"
#include "base/msg.h"
#include "system/stop.h"
#include "top/terminal_library.h"
#include "top/terminal_restore.h"

/* Time in ms during which a lone Esc may be the beginning of another key. */
#define ESCAPE_MS 25
/* Messages that are kept until the view has ended. */
#define MOST_HELD (64 * 1024)

struct terminal {
	struct terminal_library lib;
	SCREEN *screen;
	FILE *keys; /* owned, unless it is stdin */
	off_t shown; /* how much of the held text was read */
	char said[256];
	short pairs[NR_STYLES];
	bool colour;
	bool anew; /* curses' screen may differ from the real one */
};

bool terminal_is_there(void)
{
	return isatty(STDOUT_FILENO);
}

bool terminal_is_usable(struct strbuf *why)
{
	const char *name = getenv("TERM");
	struct terminal_library lib;
	bool usable = false;
	int err;

	if (!terminal_is_there()) {
		if (why)
			strbuf_addstr(why, "stdout is not a terminal");
		return false;
	}
	if (terminal_library_load(&lib)) {
		if (why)
			strbuf_addstr(why, "ncurses cannot be loaded");
		return false;
	}
	if (lib.setupterm(NULL, STDOUT_FILENO, &err) == OK) {
		const char *move = lib.tigetstr("cup");

		usable = move && move != (char *)-1 && *move;
		lib.del_curterm(lib.set_curterm(NULL));
	}
	if (!usable && why)
		strbuf_addf(why, "a terminal of type '%s' cannot be used",
			    name ? name : "");
	return usable;
}

static void add_pair(struct terminal *t, enum style style, short front,
		     short back)
{
	t->lib.init_pair((short)style, front, back);
	t->pairs[style] = (short)style;
}

static void start_colours(struct terminal *t, bool colour)
{
	t->colour = colour && t->lib.has_colors() && t->lib.start_color() == OK;
	if (!t->colour)
		return;
	t->lib.use_default_colors();
	add_pair(t, STYLE_GOOD, COLOR_GREEN, -1);
	add_pair(t, STYLE_WARN, COLOR_YELLOW, -1);
	add_pair(t, STYLE_BAD, COLOR_RED, -1);
	add_pair(t, STYLE_ALARM, COLOR_WHITE, COLOR_RED);
	add_pair(t, STYLE_HEADING, COLOR_BLACK, COLOR_GREEN);
	add_pair(t, STYLE_CURSOR, COLOR_BLACK, COLOR_CYAN);
}

static attr_t attributes(const struct terminal *t, enum style style)
{
	static const attr_t plain[NR_STYLES] = {
		[STYLE_BOLD] = A_BOLD,	     [STYLE_DIM] = A_DIM,
		[STYLE_HEADING] = A_REVERSE, [STYLE_CURSOR] = A_REVERSE,
		[STYLE_BAD] = A_BOLD,	     [STYLE_ALARM] = A_REVERSE | A_BOLD,
	};
	static const attr_t coloured[NR_STYLES] = {
		[STYLE_BOLD] = A_BOLD,
		[STYLE_DIM] = A_DIM,
		[STYLE_BAD] = A_BOLD,
		[STYLE_ALARM] = A_BOLD,
	};

	return t->colour ? coloured[style] : plain[style];
}

/* The source of keys: stdin may be the replayed recording. */
static FILE *open_keys(void)
{
	if (isatty(STDIN_FILENO))
		return stdin;
	return fopen("/dev/tty", "re");
}

static void close_keys(FILE *keys)
{
	if (keys && keys != stdin)
		fclose(keys);
}

int terminal_open(bool colour, struct terminal **ret)
{
	struct terminal *t;
	struct terminal_library lib;
	SCREEN *screen;
	FILE *keys;
	int err = terminal_library_load(&lib);

	if (err)
		return err;
	keys = open_keys();
	if (!keys)
		return msg_error_errno(errno,
				       "cannot open the terminal for keys");
	terminal_remember(&lib, fileno(keys));
	screen = lib.newterm(NULL, stdout, keys);
	if (!screen) {
		terminal_restore();
		close_keys(keys);
		msg_error("cannot use the terminal");
		return -EINVAL;
	}
	t = xcalloc(1, sizeof(*t));
	t->lib = lib;
	t->screen = screen;
	t->keys = keys;
	lib.set_term(screen);
	lib.cbreak();
	lib.noecho();
	lib.nonl();
	lib.curs_set(0);
	lib.set_escdelay(ESCAPE_MS);
	lib.keypad(*lib.window, TRUE);
	lib.nodelay(*lib.window, TRUE);
	lib.mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED |
			      BUTTON5_PRESSED,
		      NULL);
	lib.mouseinterval(0);
	start_colours(t, colour);
	*ret = t;
	return 0;
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	if (terminal_is_taken()) {
		t->lib.mousemask(0, NULL);
		t->lib.endwin();
	}
	terminal_restore();
	t->lib.delscreen(t->screen);
	close_keys(t->keys);
	free(t);
}

void terminal_size(const struct terminal *t, size_t *width, size_t *height)
{
	int columns = t->lib.getmaxx(*t->lib.window);
	int lines = t->lib.getmaxy(*t->lib.window);

	*width = columns > 0 ? (size_t)columns : 1;
	*height = lines > 0 ? (size_t)lines : 1;
}

static void draw_line(const struct terminal *t, const struct canvas_line *line)
{
	const char *text = strbuf_text(&line->text);

	for (size_t i = 0; i < line->nr_runs; i++) {
		const struct canvas_run *run = &line->runs[i];

		t->lib.wattr_set(*t->lib.window, attributes(t, run->style),
				 t->pairs[run->style], NULL);
		t->lib.waddnstr(*t->lib.window, text, (int)run->len);
		text += run->len;
	}
	t->lib.wattr_set(*t->lib.window, A_NORMAL, 0, NULL);
}

/*
 * curses ignores SIGTSTP during an update (doupdate() of ncurses 6.4), so a
 * Ctrl-Z at that time had no effect. A blocked signal is kept until the end.
 */
static void refresh_screen(const struct terminal *t)
{
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_BLOCK, &stop, &before);
	t->lib.wrefresh(*t->lib.window);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void terminal_draw(struct terminal *t, const struct canvas *c,
		   const struct canvas *last)
{
	bool anew = t->anew || last->width != c->width ||
		    last->height != c->height;

	t->anew = false;
	if (anew)
		t->lib.werase(*t->lib.window);
	for (size_t i = 0; i < c->height; i++) {
		if (!anew && canvas_same_line(c, last, i))
			continue;
		t->lib.wmove(*t->lib.window, (int)i, 0);
		t->lib.wclrtoeol(*t->lib.window);
		draw_line(t, &c->lines[i]);
	}
	refresh_screen(t);
}

static uint32_t mouse_key(const struct terminal *t, struct top_event *event)
{
	MEVENT mouse;

	if (t->lib.getmouse(&mouse) != OK)
		return TOP_KEY_NONE;
	event->line = mouse.y > 0 ? (size_t)mouse.y : 0;
	event->column = mouse.x > 0 ? (size_t)mouse.x : 0;
	if (mouse.bstate & BUTTON4_PRESSED)
		return TOP_KEY_WHEEL_UP;
	if (mouse.bstate & BUTTON5_PRESSED)
		return TOP_KEY_WHEEL_DOWN;
	if (mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
		return TOP_KEY_CLICK;
	return TOP_KEY_NONE;
}

static uint32_t special_key(const struct terminal *t, wint_t c,
			    struct top_event *event)
{
	static const struct {
		wint_t curses;
		uint32_t key;
	} keys[] = {
		{ KEY_UP, TOP_KEY_UP },
		{ KEY_DOWN, TOP_KEY_DOWN },
		{ KEY_LEFT, TOP_KEY_LEFT },
		{ KEY_RIGHT, TOP_KEY_RIGHT },
		{ KEY_PPAGE, TOP_KEY_PAGE_UP },
		{ KEY_NPAGE, TOP_KEY_PAGE_DOWN },
		{ KEY_HOME, TOP_KEY_HOME },
		{ KEY_END, TOP_KEY_END },
		{ KEY_ENTER, TOP_KEY_ENTER },
		{ KEY_BACKSPACE, TOP_KEY_BACKSPACE },
		{ KEY_DC, TOP_KEY_BACKSPACE },
		{ KEY_F(1), TOP_KEY_HELP },
		{ KEY_F(3), TOP_KEY_F3 },
		{ KEY_F(4), TOP_KEY_F4 },
		{ KEY_F(5), TOP_KEY_F5 },
		{ KEY_F(6), TOP_KEY_F6 },
		{ KEY_F(10), TOP_KEY_F10 },
		{ KEY_RESIZE, TOP_KEY_RESIZE },
	};
	size_t i;

	if (c == KEY_MOUSE)
		return mouse_key(t, event);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].curses == c)
			return keys[i].key;
	}
	return TOP_KEY_NONE;
}

static uint32_t plain_key(const struct terminal *t, wint_t c)
{
	switch (c) {
	case '\n':
	case '\r':
		return TOP_KEY_ENTER;
	case 0x1b:
		return TOP_KEY_ESCAPE;
	case '\b':
	case 0x7f:
		return TOP_KEY_BACKSPACE;
	case 0x0c: /* Ctrl-L: redraw everything */
		t->lib.clearok(*t->lib.window, TRUE);
		return TOP_KEY_RESIZE;
	default:
		return (uint32_t)c;
	}
}

/* The next key that has been typed already; false: none. */
static bool next_event(struct terminal *t, struct top_event *ret)
{
	wint_t c;
	int kind = t->lib.wget_wch(*t->lib.window, &c);

	*ret = (struct top_event){ .key = TOP_KEY_NONE };
	if (kind == ERR)
		return false;
	ret->key = kind == KEY_CODE_YES ? special_key(t, c, ret) :
					  plain_key(t, c);
	if (ret->key == TOP_KEY_RESIZE)
		t->anew = true;
	return true;
}

/*
 * Waits for keys until @left, with the signal mask @mask or, if that is NULL,
 * the current one. Returns whether no more keys can come.
 */
static bool is_lost(const struct terminal *t, const struct timespec *left,
		    const sigset_t *mask)
{
	struct pollfd keys = { .fd = fileno(t->keys), .events = POLLIN };
	int ready = 1;

	if (ppoll(&keys, 1, left, mask) <= 0)
		return false;
	if (keys.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	/* readable without data: the end of the terminal */
	return ioctl(keys.fd, FIONREAD, &ready) == 0 && ready == 0;
}

static struct timespec time_until(uint64_t deadline)
{
	uint64_t now = stop_clock(), left = now < deadline ? deadline - now : 0;

	return (struct timespec){ .tv_sec = (time_t)(left / 1000000000),
				  .tv_nsec = (long)(left % 1000000000) };
}

/*
 * Whether the stop was requested because the terminal has closed: the kernel
 * marks it as closed before it sends SIGHUP (__tty_hangup(), pty_close()).
 */
static bool is_hung_up(const struct terminal *t)
{
	const struct timespec none = { 0 };

	return is_lost(t, &none, NULL);
}

/*
 * Signals are unblocked only during this sleep, so none, nor a new size, can
 * arrive between the check for keys and the sleep and be noticed only after it.
 */
enum terminal_news terminal_wait(struct terminal *t, uint64_t deadline,
				 struct top_event *ret)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH,
				       SIGTSTP };
	enum terminal_news news = TERMINAL_QUIET;
	struct timespec left = { 0 };
	sigset_t ours, before;
	size_t i;

	sigemptyset(&ours);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaddset(&ours, signals[i]);
	sigprocmask(SIG_BLOCK, &ours, &before);
	/* the first pass does not wait */
	for (;;) {
		if (is_lost(t, &left, &before))
			news = TERMINAL_LOST;
		else if (stop_wanted())
			news = is_hung_up(t) ? TERMINAL_LOST : TERMINAL_STOP;
		else if (next_event(t, ret))
			news = TERMINAL_EVENT;
		left = time_until(deadline);
		if (news != TERMINAL_QUIET || (!left.tv_sec && !left.tv_nsec))
			break;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return news;
}

const char *terminal_said(struct terminal *t)
{
	char bytes[sizeof(t->said)];
	off_t end;
	ssize_t n;
	char *line;
	int held = terminal_held();

	if (held < 0)
		return NULL;
	end = lseek(held, 0, SEEK_END);
	if (end <= t->shown)
		return NULL;
	t->shown = end;
	n = pread(held, bytes, sizeof(bytes) - 1,
		  end > (off_t)sizeof(bytes) - 1 ?
			  end - (off_t)sizeof(bytes) + 1 :
			  0);
	if (end > MOST_HELD && ftruncate(held, 0) == 0)
		t->shown = 0;
	if (n <= 0)
		return NULL;
	while (n && bytes[n - 1] == '\n')
		n--;
	bytes[n] = '\0';
	line = strrchr(bytes, '\n');
	memcpy(t->said, line ? line + 1 : bytes,
	       strlen(line ? line + 1 : bytes) + 1);
	return t->said;
}
