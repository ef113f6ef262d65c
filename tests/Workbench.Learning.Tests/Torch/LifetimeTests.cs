using System.Runtime.CompilerServices;

using TorchSharp;

using Workbench.Torch.Kernels;

using static TorchSharp.torch;

namespace Workbench.Learning.Tests.Torch;

/// <summary>When tensors are freed: by scopes, by hand, by the finalizer; twice, late, elsewhere.</summary>
[Collection(nameof(Alone))]
public class LifetimeTests
{
    [Fact]
    public void A_million_operations_in_scopes_leave_memory_flat()
    {
        using var x = ones([64, 64], requires_grad: true);
        Work(x, 1_000); // what is allocated once (threads, caches) is allocated before
        var (live, resident) = (SettledCount(), MemoryFigures.Read().Resident);

        Work(x, 100_000);

        // A tensor left over in each scope would be 100,000 handles, and 1.6 GB of elements.
        Assert.Equal(live, Tensor.TotalCount);
        Assert.InRange(MemoryFigures.Read().Resident - resident, long.MinValue, 64L << 20);

        // Ten operations a round, forward and backward, none of which waits for the garbage collector.
        static void Work(Tensor x, int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                using var scope = NewDisposeScope();
                var y = ((x + 1).mul(2) - 3).relu().view(4096).narrow(0, 0, 16);
                if (i % 10 == 0)
                {
                    y.sum().backward();
                    x.grad = null;
                }
                else
                {
                    _ = y.detach().clone().sum().unsqueeze(0);
                }
            }
        }
    }

    // Tensors that earlier tests left to the finalizer are gone, so that the count moves by this test alone.
    private static long SettledCount()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    [Fact]
    public void Freeing_twice_is_harmless()
    {
        var before = SettledCount();
        var x = ones(3);
        x.Dispose();
        x.Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Freeing_on_another_thread_is_harmless()
    {
        var before = SettledCount();
        using (NewDisposeScope())
        {
            var tensors = Enumerable.Range(0, 1000).Select(_ => ones(8)).ToArray();
            Parallel.ForEach(tensors, tensor => tensor.Dispose());
            Parallel.ForEach(tensors, tensor => tensor.Dispose());
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Freeing_a_tensor_while_another_thread_uses_it_either_works_or_throws()
    {
        var outcomes = new List<float>();
        for (var i = 0; i < 200; i++)
        {
            var x = ones(256, 256);
            var use = new Thread(() =>
            {
                try
                {
                    using var y = x.exp();
                    outcomes.Add(y.data<float>()[255, 255]);
                }
                catch (ObjectDisposedException)
                {
                    outcomes.Add(MathF.E); // the other thread was first: said in words, not by a crash
                }
            });
            use.Start();
            x.Dispose();
            use.Join();
        }

        Assert.Equal(200, outcomes.Count);
        Assert.All(outcomes, value => Assert.Equal(MathF.E, value, 1e-5f));
    }

    [Fact]
    public void A_forgotten_tensor_is_freed_by_the_finalizer()
    {
        var before = SettledCount();
        Forget();

        Assert.Equal(before, SettledCount());

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            for (var i = 0; i < 100; i++)
            {
                ones(4);
            }
        }
    }

    [Fact]
    public void A_tensor_outside_every_scope_lives_until_it_is_disposed()
    {
        var x = ones(2);
        using (NewDisposeScope())
        {
            _ = x + 1;
        }

        Assert.False(x.IsInvalid);
        x.Dispose();
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void A_tensor_moved_out_survives_its_scope_and_goes_with_the_next()
    {
        Tensor moved, left;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                left = ones(2);
                moved = (left * 2).MoveToOuterDisposeScope();
            }

            Assert.True(left.IsInvalid);
            Assert.False(moved.IsInvalid);
        }

        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void A_detached_tensor_survives_every_scope()
    {
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(2).DetachFromDisposeScope();
        }

        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void A_wrapped_scope_keeps_its_result_alone()
    {
        using var outer = NewDisposeScope();
        using var result = WrappedTensorDisposeScope(() => (ones(2) + 1) * 3);

        Assert.Equal(1, outer.DisposablesCount);
        Assert.Equal(6, result.data<float>()[1]);
    }

    [Fact]
    public void Scopes_are_those_of_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = ones(2));
        thread.Start();
        thread.Join();

        Assert.Equal(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [Fact]
    public void Everything_but_what_is_kept_is_freed()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones(1), ones(1));
        scope.DisposeEverythingBut(b);

        Assert.True(a.IsInvalid);
        Assert.False(b.IsInvalid);
    }

    [Fact]
    public void A_parameter_empties_the_tensor_it_is_made_of()
    {
        using var data = ones(2);
        using var parameter = nn.Parameter(data);

        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.Throws<ObjectDisposedException>(() => data.exp());
    }
}
