namespace TorchSharp.Modules;

/// <summary>An optimizer with groups of parameters and a state for each parameter, which can be kept and restored.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    protected OptimizerOptions? _defaults;

    private readonly OrderedDictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    /// <summary>The options and the state, themselves, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var dictionary = new StateDictionary();
        dictionary.Options.AddRange(_parameter_groups.Select(group => group.Options!));
        dictionary.State.AddRange(parameters().Select(parameter => _states[parameter]));
        return dictionary;
    }

    /// <summary>Takes over options and state of an optimizer of the same groups and parameters.</summary>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        RequireSame(own, state_dict.Options.Count, state_dict.State.Count);
        for (var i = 0; i < own.Options.Count; i++)
        {
            own.Options[i].LoadStateDict(state_dict.Options[i]);
        }

        for (var i = 0; i < own.State.Count; i++)
        {
            own.State[i].LoadStateDict(state_dict.State[i]);
        }
    }

    /// <summary>Writes options and state, in a format of the binding's own.</summary>
    public void save_state_dict(BinaryWriter writer)
    {
        var own = state_dict();
        writer.Write(GetType().Name);
        writer.Write7BitEncodedInt(own.Options.Count);
        writer.Write7BitEncodedInt(own.State.Count);
        foreach (var options in own.Options)
        {
            options.SaveStateDict(writer);
        }

        foreach (var state in own.State)
        {
            state.SaveStateDict(writer);
        }
    }

    public void save_state_dict(string location)
    {
        using var writer = new BinaryWriter(File.Create(location));
        save_state_dict(writer);
    }

    /// <summary>Reads what <see cref="save_state_dict(BinaryWriter)"/> wrote.</summary>
    public void load_state_dict(BinaryReader reader)
    {
        var written = reader.ReadString();
        if (written != GetType().Name)
        {
            throw new InvalidDataException(
                $"Mismatched optimizer type: expected '{GetType().Name}', but found '{written}' in the loaded stream.");
        }

        var own = state_dict();
        RequireSame(own, reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());
        foreach (var options in own.Options)
        {
            options.LoadStateDict(reader);
        }

        foreach (var state in own.State)
        {
            state.LoadStateDict(reader);
        }
    }

    public void load_state_dict(string location)
    {
        using var reader = new BinaryReader(File.OpenRead(location));
        load_state_dict(reader);
    }

    /// <summary>Moves the state to a device.</summary>
    public void to(torch.Device device)
    {
        foreach (var (_, state) in _states)
        {
            state.to(device);
        }
    }

    protected OptimizerState StateOf(Parameter parameter) => _states[parameter];

    protected void Remember(Parameter parameter, OptimizerState state) => _states[parameter] = state;

    /// <summary>Runs the closure with gradients, then <paramref name="body"/> on each group without, in a scope of its
    /// own.</summary>
    protected torch.Tensor? _step<T>(Action<T> body, Func<torch.Tensor>? loss_closure = null) where T : ParamGroup
    {
        torch.Tensor? loss = null;
        if (loss_closure is not null)
        {
            using var gradients = torch.enable_grad();
            loss = loss_closure();
        }

        using var withoutGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var group in _parameter_groups)
        {
            body((T)group);
        }

        return loss;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            foreach (var (_, state) in _states)
            {
                (state as IDisposable)?.Dispose();
            }
        }
    }

    private static void RequireSame(StateDictionary own, int groups, int states)
    {
        if (groups != own.Options.Count)
        {
            throw new ArgumentException(
                $"Invalid optimizer state -- {groups} parameter groups where this optimizer has {own.Options.Count}.");
        }

        if (states != own.State.Count)
        {
            throw new ArgumentException(
                $"Invalid optimizer state -- {states} parameters where this optimizer has {own.State.Count}.");
        }
    }
}
