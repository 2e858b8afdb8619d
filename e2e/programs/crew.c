/* Threads that wait, as many as it is told (2 otherwise), and one that goes on. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum order { HALT, AHEAD = 7 };
struct boat {
    enum order order;
    float depth;
    double speed;
    const char *name;
    void (*steers)(struct boat *);
    short motto[4];
};

static int rowing;

static void *row(void *boat)
{
    (void)boat;
    __atomic_add_fetch(&rowing, 1, __ATOMIC_SEQ_CST);
    for (;;)
        pause();
}

static void steer(struct boat *boat)
{
    boat->order = AHEAD;
    boat->speed += 0.5;
    printf("ahead\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct boat boat = { HALT, 1.5f, 2.25, "wren", steer, { 0x3b1, 0x42, 0, 0 } };
    int crew = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t thread;

    for (int i = 0; i < crew; i++)
        pthread_create(&thread, NULL, row, &boat);
    while (__atomic_load_n(&rowing, __ATOMIC_SEQ_CST) < crew)
        usleep(1000);
    for (int turn = 0; turn < 1000; turn++)
        boat.steers(&boat);
    return 0;
}
