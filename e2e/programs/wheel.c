/* Turns until somebody stops it; with an argument, so many times. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct wheel {
    int turns;
    int spokes;
};

static int turn(struct wheel *wheel)
{
    wheel->turns++;
    return wheel->turns * wheel->spokes;
}

int main(int argc, char **argv)
{
    struct wheel wheel = { 0, 36 };
    int most = argc > 1 ? atoi(argv[1]) : 0;
    int passed = 0;

    while (most == 0 || wheel.turns < most) {
        passed = turn(&wheel);
        usleep(1000);
    }
    printf("%d spokes passed\n", passed);
    return 7;
}
