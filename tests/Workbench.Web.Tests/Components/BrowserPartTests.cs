using Microsoft.JSInterop;
using Workbench.Web.Components.Shared;

namespace Workbench.Web.Tests.Components;

/// <summary>A page can be left at any moment of a script's loading: nothing is made for it afterwards, nothing is left in the browser.</summary>
public sealed class BrowserPartTests
{
    [Fact]
    public async Task What_is_made_is_let_go_with_the_component()
    {
        var browser = new Browser();
        var part = new BrowserPart(browser, "/js/editor.js");
        var creating = part.CreateAsync("create", 1);
        browser.Module.SetResult(browser.ModuleObject);
        browser.ModuleObject.Made.SetResult(browser.MadeObject);
        Assert.Same(browser.MadeObject, await creating);

        await part.DisposeAsync();
        Assert.Equal(["dispose"], browser.MadeObject.Called);
        Assert.True(browser.MadeObject.Released);
        Assert.True(browser.ModuleObject.Released);
    }

    [Fact]
    public async Task A_component_that_left_before_the_script_came_makes_nothing()
    {
        var browser = new Browser();
        var part = new BrowserPart(browser, "/js/editor.js");
        var creating = part.CreateAsync("create", 1);
        await part.DisposeAsync();
        browser.Module.SetResult(browser.ModuleObject);

        Assert.Null(await creating);
        Assert.Empty(browser.ModuleObject.Called);
        Assert.True(browser.ModuleObject.Released);
    }

    [Fact]
    public async Task A_component_that_left_while_the_object_was_made_lets_it_go()
    {
        var browser = new Browser();
        var part = new BrowserPart(browser, "/js/editor.js");
        var creating = part.CreateAsync("create", 1);
        browser.Module.SetResult(browser.ModuleObject);
        await part.DisposeAsync();
        browser.ModuleObject.Made.SetResult(browser.MadeObject);

        Assert.Null(await creating);
        Assert.Equal(["dispose"], browser.MadeObject.Called);
        Assert.True(browser.MadeObject.Released);
    }

    [Fact]
    public async Task A_failure_concerns_only_a_component_that_is_still_there()
    {
        var left = new Browser();
        var part = new BrowserPart(left, "/js/editor.js");
        var creating = part.CreateAsync("create", 1);
        left.Module.SetResult(left.ModuleObject);
        await part.DisposeAsync();
        left.ModuleObject.Made.SetException(new JSException("The element is null"));
        Assert.Null(await creating);

        var there = new Browser();
        creating = new BrowserPart(there, "/js/editor.js").CreateAsync("create", 1);
        there.Module.SetException(new JSException("Failed to fetch"));
        await Assert.ThrowsAsync<JSException>(() => creating);
    }

    /// <summary>A browser that answers when the test says so.</summary>
    private sealed class Browser : IJSRuntime
    {
        public TaskCompletionSource<IJSObjectReference> Module { get; } = new();

        public Reference ModuleObject { get; } = new();

        public Reference MadeObject { get; } = new();

        public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => (TValue)await Module.Task;

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<TValue>(identifier, args);
    }

    private sealed class Reference : IJSObjectReference
    {
        public TaskCompletionSource<IJSObjectReference> Made { get; } = new();

        public List<string> Called { get; } = [];

        public bool Released { get; private set; }

        public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args)
        {
            Called.Add(identifier);
            return identifier == "dispose" ? default! : (TValue)await Made.Task;
        }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<TValue>(identifier, args);

        public ValueTask DisposeAsync()
        {
            Released = true;
            return ValueTask.CompletedTask;
        }
    }
}
