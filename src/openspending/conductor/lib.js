/* Signing in to OpenSpending from a page: check, login, authorize, logout.

   Pages of the same site are signed in by its cookies, which no script can read. Others get a token in their address,
   where the server gives one: it is taken out of the address, and kept in this page's memory alone, so that it is gone
   with the page. Nothing is stored in the browser. */
(function (window) {
  'use strict';

  var script = window.document.currentScript;
  var base = script ? new URL(script.src).origin : window.location.origin;
  var sameSite = base === window.location.origin;
  var token = takeFromAddress();

  function takeFromAddress() {
    var found = null;
    var address = new URL(window.location.href);
    found = address.searchParams.get('jwt');
    address.searchParams.delete('jwt');
    var hash = address.hash.split('?');
    if (hash.length > 1) {
      var inside = new URLSearchParams(hash.slice(1).join('?'));
      found = found || inside.get('jwt');
      inside.delete('jwt');
      address.hash = hash[0] + (inside.toString() ? '?' + inside.toString() : '');
    }
    if (found) {
      window.history.replaceState(window.history.state, '', address.href);
    }
    return found;
  }

  function ask(path, parameters, given) {
    var query = new URLSearchParams(parameters).toString();
    return window.fetch(base + path + (query ? '?' + query : ''), {
      headers: given ? {'Auth-Token': given} : {},
      credentials: sameSite ? 'same-origin' : 'omit',
      cache: 'no-store'
    }).then(function (response) {
      return response.ok ? response.json() : Promise.reject(response);
    });
  }

  /* A session lasts longer than the access token in its cookie: ask again with a new one, if there is a session. */
  function refreshed(found, query) {
    return window.fetch(base + '/v1/identity/refresh', {method: 'POST', credentials: 'same-origin'})
      .then(function (response) {
        return response.ok ? ask('/user/check', query, null) : found;
      });
  }

  var authenticate = {
    getToken: function () {
      return token;
    },
    check: function (next) {
      var query = {next: next || window.location.href};
      return ask('/user/check', query, token).then(function (found) {
        return found.authenticated || !sameSite ? found : refreshed(found, query);
      }).then(function (found) {
        if (found.authenticated) {
          return {token: token, profile: found.profile};
        }
        token = null;
        return Promise.reject(found.providers);
      });
    },
    login: function (url, target) {
      window.open(url, target);
    },
    logout: function () {
      token = null;
      if (sameSite) {
        return window.fetch(base + '/sign-out', {method: 'POST', credentials: 'same-origin'});
      }
      return Promise.resolve();
    }
  };

  var authorize = {
    check: function (given, service) {
      return ask('/user/authorize', {service: service}, given || token);
    }
  };

  window.OpenSpendingAuth = {authenticate: authenticate, authorize: authorize};

  if (window.angular) {
    var wrapped = function (service, names) {
      return ['$q', function ($q) {
        var made = Object.create(service);
        names.forEach(function (name) {
          made[name] = function () {
            return $q.when(service[name].apply(service, arguments));
          };
        });
        return made;
      }];
    };
    window.angular.module('authClient.services', [])
      .factory('authenticate', wrapped(authenticate, ['check', 'logout']))
      .factory('authorize', wrapped(authorize, ['check']));
  }
})(window);
